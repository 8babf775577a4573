namespace Larder.Inspection;

/// <summary>Something that happened on a node.</summary>
internal sealed record LiveEvent
{
    /// <summary>When, by the node's own wall clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What.</summary>
    public required LarderEventKind Kind { get; init; }

    /// <summary>The key or, for <see cref="LarderEventKind.Tag"/>, the tag.</summary>
    public required string Subject { get; init; }

    /// <summary>Where a hit was found.</summary>
    public CacheLevel Level { get; init; }

    /// <summary>Of an invalidation that the feed brought: who published it, perhaps the node itself.</summary>
    public string? Publisher { get; init; }

    /// <summary>Its number among the publisher's: the same on all nodes that received it.</summary>
    public long? Number { get; init; }

    /// <summary>What went wrong, if something did.</summary>
    public string? Fault { get; init; }

    /// <summary>For how many of its kind it stands: requests are sampled.</summary>
    public int Weight { get; init; } = 1;
}

/// <summary>The events of a node since somebody last asked.</summary>
/// <param name="Last">The number of the last one: ask for what comes after it.</param>
/// <param name="Missed">How many were too many to keep.</param>
/// <param name="Events">The events, the oldest first.</param>
internal sealed record EventBatch(long Last, long Missed, IReadOnlyList<LiveEvent> Events);
