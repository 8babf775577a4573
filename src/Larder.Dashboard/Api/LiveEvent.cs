namespace Larder.Dashboard.Api;

/// <summary>Something that happened on a node.</summary>
internal sealed record LiveEvent
{
    /// <summary>When, by the node's own clock.</summary>
    public DateTimeOffset At { get; init; }

    public LarderEventKind Kind { get; init; }

    /// <summary>The key or, for <c>tag</c> and <c>expireTag</c>, the tag; left out if there is none.</summary>
    public string? Subject { get; init; }

    /// <summary>Where a hit was found.</summary>
    public CacheLevel? Level { get; init; }

    /// <summary>The node where it happened.</summary>
    public required string Node { get; init; }

    /// <summary>Of an invalidation that the feed brought: who made it.</summary>
    public string? Publisher { get; init; }

    /// <summary>Its number among the publisher's: the same in the events of all nodes that received it.</summary>
    public long? Number { get; init; }

    /// <summary>The time from the making to this node's receipt, as the clocks of the two nodes tell it.</summary>
    public double? LagMs { get; init; }

    /// <summary>What went wrong, if something did.</summary>
    public string? Fault { get; init; }

    /// <summary>For how many of its kind it stands: requests are sampled.</summary>
    public int Weight { get; init; }
}

/// <summary>Who was asked for the events, and what was left out.</summary>
/// <param name="Asked">The nodes.</param>
/// <param name="Missed">Events since the last such note that were too many to keep or to send.</param>
internal sealed record LiveSampling(NodesAsked Asked, long Missed);
