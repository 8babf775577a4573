namespace Larder.Dashboard.Api;

/// <summary>What all nodes and L2 know of a key.</summary>
internal sealed record KeyDetails
{
    public required string Key { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>What is going on, in one sentence.</summary>
    public required string Sentence { get; init; }

    public required NodesAsked Asked { get; init; }

    /// <summary>The entry in L2; left out if there is none.</summary>
    public EntryDetails? Store { get; init; }

    /// <summary>Why a read would not be served by it: <c>none</c>, <c>notThere</c>, <c>expired</c>, <c>tagged</c>, <c>storeDown</c>, ...</summary>
    public MissReason StoreMiss { get; init; }

    /// <summary>The tag that killed the entry in L2; <c>*</c> for Clear or another generation.</summary>
    public string? KilledBy { get; init; }

    /// <summary>What each node that answered has; this one first.</summary>
    public required IReadOnlyList<NodeKey> Nodes { get; init; }

    /// <summary>What is remembered to have happened to it, the newest first.</summary>
    public required IReadOnlyList<TimelineItem> Timeline { get; init; }
}

/// <summary>What a node has of a key.</summary>
internal sealed record NodeKey
{
    public required string NodeId { get; init; }

    public bool IsThis { get; init; }

    public bool IsTrusted { get; init; }

    public DateTimeOffset? DistrustedSince { get; init; }

    /// <summary>The copy in its L1; left out if there is none.</summary>
    public EntryDetails? Local { get; init; }

    /// <summary>Why a read there would not be served by it; <c>none</c> if it would.</summary>
    public MissReason LocalMiss { get; init; }

    /// <summary>Whether an invalidation of the key waits there for its delivery.</summary>
    public bool IsUndelivered { get; init; }

    /// <summary>The last read there that was no hit in L1, as far as is remembered.</summary>
    public DateTimeOffset? LastMissAt { get; init; }

    /// <summary>Whether it would serve another value than the one in L2.</summary>
    public bool IsBehind { get; init; }
}

/// <summary>An entry, in L1 or L2.</summary>
internal sealed record EntryDetails
{
    public string? Version { get; init; }

    /// <summary>The node that wrote it.</summary>
    public string? Writer { get; init; }

    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>When it expires if nobody reads it; left out if it never does.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it is gone, where it is kept for fail-safe past its expiration.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    public bool IsExpired { get; init; }

    public double? SlidingMs { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Bytes: in L1 with key and bookkeeping, in L2 of the payload.</summary>
    public long Size { get; init; }

    public string? ETag { get; init; }
}

/// <summary>Something that happened to a key.</summary>
/// <param name="At">When, as the node that tells it knows.</param>
/// <param name="Kind"><c>written</c>, <c>read</c>, <c>miss</c>, <c>set</c>, <c>commit</c>, <c>remove</c>, <c>expire</c>, <c>tag</c>, <c>expires</c>, ...</param>
/// <param name="Node">The node that did it.</param>
/// <param name="Text">A short sentence.</param>
internal sealed record TimelineItem(DateTimeOffset At, string Kind, string? Node, string Text);
