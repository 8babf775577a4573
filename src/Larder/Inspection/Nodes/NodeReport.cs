namespace Larder.Inspection;

/// <summary>What a node says of itself.</summary>
internal sealed record NodeReport
{
    /// <summary>The node's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>When it says so, by its own wall clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When its cache was made.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether L1 is trusted, and why not.</summary>
    public required TrustReport Trust { get; init; }

    /// <summary>L2 as this node sees it.</summary>
    public required StoreReport Store { get; init; }

    /// <summary>What L1 holds.</summary>
    public required LocalReport Local { get; init; }

    /// <summary>What it has done; counted while somebody looks.</summary>
    public required Counts Counts { get; init; }
}

/// <summary>Whether L1 is trusted.</summary>
internal sealed record TrustReport
{
    /// <summary>Whether it is.</summary>
    public required bool IsTrusted { get; init; }

    /// <summary>Since when it is not; <see langword="null"/> if it is.</summary>
    public DateTimeOffset? DistrustedSince { get; init; }

    /// <summary>When messages may have been missed for the last time; <see langword="null"/> if never.</summary>
    public DateTimeOffset? LastLossAt { get; init; }

    /// <summary>Why that was.</summary>
    public FeedLossReason? LastLossReason { get; init; }

    /// <summary>How long the last echo took through the server and back, in ms.</summary>
    public double? LagMs { get; init; }

    /// <summary>How long ago the last echo came, in ms; <see langword="null"/> if none ever did.</summary>
    public double? SinceEchoMs { get; init; }
}

/// <summary>L2 as a node sees it.</summary>
internal sealed record StoreReport
{
    /// <summary>What and where it is; <see langword="null"/> if the cache has none.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the circuit is open, because it does not answer.</summary>
    public bool IsDown { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? DownSince { get; init; }

    /// <summary>How many invalidations wait for their delivery.</summary>
    public int Undelivered { get; init; }

    /// <summary>How long the oldest has waited, in ms.</summary>
    public double? OldestUndeliveredMs { get; init; }
}

/// <summary>What L1 holds.</summary>
internal sealed record LocalReport
{
    /// <summary>Entries.</summary>
    public required int Entries { get; init; }

    /// <summary>Bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The bound of entries.</summary>
    public required int MaximumEntries { get; init; }

    /// <summary>The bound of bytes.</summary>
    public required long MaximumBytes { get; init; }

    /// <summary>Entries that left without an invalidation since the start, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Evictions { get; init; }
}
