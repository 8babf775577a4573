namespace Larder;

/// <summary>What this node knows of a key; the answer of <c>LarderCache.ExplainAsync</c>.</summary>
public sealed record KeyExplanation
{
    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The node that answers.</summary>
    public required string NodeId { get; init; }

    /// <summary>All of it in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The copy in this node's memory; <see langword="null"/> if there is none.</summary>
    public EntryExplanation? Local { get; init; }

    /// <summary>Why a read of now would not be served by that copy; <see cref="MissReason.None"/> if it would.</summary>
    public MissReason LocalMiss { get; init; }

    /// <summary>Whether the overflow has it on this node's disk (<see cref="LocalOptions.Overflow"/>).</summary>
    public bool IsInOverflow { get; init; }

    /// <summary>The entry in L2; <see langword="null"/> if there is none, or L2 could not be asked.</summary>
    public EntryExplanation? Store { get; init; }

    /// <summary>Why a read of now would not be served from L2; <see cref="MissReason.None"/> if it would.</summary>
    public MissReason StoreMiss { get; init; }

    /// <summary>
    /// The tag that made the entry in L2 invalid, or expired it, if it is known; <c>*</c> for Clear or another generation, or if
    /// everything was expired.
    /// </summary>
    public string? KilledBy { get; init; }

    /// <summary>The last read here that was no hit in L1, as far as is remembered.</summary>
    public MissExplanation? LastMiss { get; init; }

    /// <summary>The last invalidation of the key that this node made or heard of, as far as is remembered.</summary>
    public InvalidationExplanation? LastInvalidation { get; init; }

    /// <summary>For how long L1 has not been trusted; <see langword="null"/> if it is.</summary>
    public TimeSpan? NotTrustedFor { get; init; }

    /// <summary>For how long L2 has not answered; <see langword="null"/> if it does, or the cache has none.</summary>
    public TimeSpan? StoreDownFor { get; init; }

    /// <summary>Whether an invalidation of the key waits for its delivery to L2.</summary>
    public bool IsUndelivered { get; init; }
}

/// <summary>An entry, in L1 or in L2.</summary>
public sealed record EntryExplanation
{
    /// <summary>The version: server time in microseconds, writer, its message number. Known of L2 only.</summary>
    public string? Version { get; init; }

    /// <summary>The node that wrote it. Known of L2 only.</summary>
    public string? Writer { get; init; }

    /// <summary>The time since it was written; <see langword="null"/> if unknown.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The time until it expires if nobody reads it any more; <see langword="null"/> if it never does. Zero if it has.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The time until it is gone, where it is kept for fail-safe past its expiration; otherwise <see langword="null"/>.</summary>
    public TimeSpan? KeptFor { get; init; }

    /// <summary>Whether it has expired, and is there for fail-safe only.</summary>
    public bool IsExpired { get; init; }

    /// <summary>The sliding expiration; <see langword="null"/> if it does not slide.</summary>
    public TimeSpan? SlidingExpiration { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Bytes: in L1 with key and bookkeeping, in L2 of the payload.</summary>
    public long Size { get; init; }

    /// <summary>What the origin calls the version of the value.</summary>
    public string? ETag { get; init; }
}

/// <summary>A read that was no hit in L1.</summary>
/// <param name="Ago">How long ago.</param>
/// <param name="Local">Why L1 did not serve it.</param>
/// <param name="Store">Why L2 did not; <see cref="MissReason.None"/> if it did, or was not asked.</param>
public sealed record MissExplanation(TimeSpan Ago, MissReason Local, MissReason Store);

/// <summary>An invalidation.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Ago">How long ago this node made it or heard of it.</param>
/// <param name="Node">The node that made it.</param>
public sealed record InvalidationExplanation(LarderEventKind Kind, TimeSpan Ago, string Node);
