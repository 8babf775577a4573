namespace Larder.Stores;

/// <summary>An entry as it was read from a store.</summary>
public sealed record StoreEntry
{
    /// <summary>The serialized value.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// Lends <see cref="Payload"/>: whoever reads the entry disposes it, once, when it needs those bytes no more. Who does not, or
    /// can't, leaves it to the garbage collector. <see langword="null"/> if the bytes are the entry's own.
    /// </summary>
    public IDisposable? PayloadOwner { get; init; }

    /// <summary>Names this write of the entry; <see langword="null"/> if something else than Larder wrote it.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// The time left to the absolute deadline by the server's clock; <see langword="null"/> if it has none. Of an expired
    /// entry: how long it is still to be served without another attempt at the origin, after one has failed.
    /// </summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The sliding expiration; <see langword="null"/> if the entry does not slide.</summary>
    public TimeSpan? SlidingExpiration { get; init; }

    /// <summary>
    /// Whether it has expired, and is kept for callers that prefer an old value to none (<see cref="StoreWrite.Retention"/>).
    /// </summary>
    public bool IsExpired { get; init; }

    /// <summary>The time after which the store no longer has it; <see langword="null"/> if it is not kept past its expiration.</summary>
    public TimeSpan? RetainedFor { get; init; }

    /// <summary>The time since it was written, by the server's clock; <see langword="null"/> if the store can't tell.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The tag clock as the writer knew it before its factory ran.</summary>
    public TagStamp Stamp { get; init; }

    /// <summary>The tags that it was stored with; <see langword="null"/> if none.</summary>
    public string[]? Tags { get; init; }

    /// <inheritdoc cref="StoreWrite.ETag"/>
    public string? ETag { get; init; }

    /// <inheritdoc cref="StoreWrite.LastModified"/>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Whether what was read is not what was written: some of it was changed since.</summary>
    public bool IsDamaged { get; init; }
}
