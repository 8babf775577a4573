using Larder.Inspection;

namespace Larder.Dashboard.Api;

/// <summary>The state of a cache on all its nodes. It is also what each event of the stream <c>overview/live</c> holds.</summary>
/// <param name="At">When the nodes were asked.</param>
/// <param name="Asked">Who answered.</param>
/// <param name="Nodes">A row for each node that answered; this one first.</param>
/// <param name="Interval">
/// What happened on all nodes since the event before; left out in the first answer, which has nothing to be compared with.
/// </param>
internal sealed record Overview(DateTimeOffset At, NodesAsked Asked, IReadOnlyList<NodeOverview> Nodes, OverviewInterval? Interval);

/// <summary>A node of a cache.</summary>
internal sealed record NodeOverview
{
    public required string Id { get; init; }

    /// <summary>The id without its random part.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is the node that answers this request.</summary>
    public bool IsThis { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether its L1 is trusted.</summary>
    public bool IsTrusted { get; init; }

    public DateTimeOffset? DistrustedSince { get; init; }

    /// <summary>When messages may have been missed for the last time; left out if never.</summary>
    public DateTimeOffset? LastLossAt { get; init; }

    /// <summary>Why that was.</summary>
    public FeedLossReason? LastLossReason { get; init; }

    /// <summary>How long ago the last echo came.</summary>
    public double? SinceEchoMs { get; init; }

    /// <summary>The time that the last echo took through the server.</summary>
    public double? FeedLagMs { get; init; }

    /// <summary>Invalidations that have not reached L2 yet.</summary>
    public long Undelivered { get; init; }

    public double? OldestUndeliveredMs { get; init; }

    public long Entries { get; init; }

    public long Bytes { get; init; }

    public long MaximumEntries { get; init; }

    public long MaximumBytes { get; init; }

    /// <summary>L2 as the node sees it.</summary>
    public StoreState Store { get; init; }

    public DateTimeOffset? StoreDownSince { get; init; }

    /// <summary>Since when it has counted: nothing is counted while nobody looks.</summary>
    public DateTimeOffset CountedSince { get; init; }

    /// <summary>What it has done since then.</summary>
    public required RequestTotals Totals { get; init; }

    /// <summary>How long factories took since then.</summary>
    public required Latency Factory { get; init; }

    /// <summary>How long operations of L2 took since then.</summary>
    public required Latency StoreOperations { get; init; }
}

/// <summary>L2, as a node sees it.</summary>
internal enum StoreState
{
    /// <summary>The cache has none.</summary>
    None,

    /// <summary>It answers.</summary>
    Up,

    /// <summary>It does not, and is left alone for the moment.</summary>
    Down,
}

/// <summary>Counts of requests by how they were answered, and what they saved.</summary>
/// <param name="L1Hits">From memory.</param>
/// <param name="L2Hits">From the store.</param>
/// <param name="StaleHits">By an expired value, by fail-safe.</param>
/// <param name="Misses">By the factory, or by nothing.</param>
/// <param name="FactoryCalls">Calls of the origin.</param>
/// <param name="CallsSaved">Callers that shared another's load on their node instead of making their own.</param>
/// <param name="InvalidationsSent">Invalidations that nodes made.</param>
/// <param name="InvalidationsReceived">Invalidations that nodes heard of from others.</param>
internal sealed record RequestTotals(
    long L1Hits, long L2Hits, long StaleHits, long Misses, long FactoryCalls, long CallsSaved, long InvalidationsSent, long InvalidationsReceived)
{
    public static readonly RequestTotals None = new(0, 0, 0, 0, 0, 0, 0, 0);

    public static RequestTotals operator +(RequestTotals a, RequestTotals b) => new(
        a.L1Hits + b.L1Hits, a.L2Hits + b.L2Hits, a.StaleHits + b.StaleHits, a.Misses + b.Misses, a.FactoryCalls + b.FactoryCalls,
        a.CallsSaved + b.CallsSaved, a.InvalidationsSent + b.InvalidationsSent, a.InvalidationsReceived + b.InvalidationsReceived);

    public static RequestTotals operator -(RequestTotals a, RequestTotals b) => new(
        a.L1Hits - b.L1Hits, a.L2Hits - b.L2Hits, a.StaleHits - b.StaleHits, a.Misses - b.Misses, a.FactoryCalls - b.FactoryCalls,
        a.CallsSaved - b.CallsSaved, a.InvalidationsSent - b.InvalidationsSent, a.InvalidationsReceived - b.InvalidationsReceived);
}

/// <summary>A distribution of durations.</summary>
/// <param name="Count">How many were measured.</param>
/// <param name="P50Ms">The median; like the others the upper bound of its bucket, and left out if nothing was measured.</param>
/// <param name="P95Ms">The 95th percentile.</param>
/// <param name="P99Ms">The 99th percentile.</param>
internal sealed record Latency(long Count, double? P50Ms, double? P95Ms, double? P99Ms);

/// <summary>What happened on all nodes in an interval.</summary>
/// <param name="At">Its end.</param>
/// <param name="LengthMs">Its length.</param>
/// <param name="Totals">What happened in it, over all nodes that answered at both ends.</param>
/// <param name="Factory">How long factories took.</param>
/// <param name="StoreOperations">How long operations of L2 took.</param>
internal sealed record OverviewInterval(DateTimeOffset At, double LengthMs, RequestTotals Totals, Latency Factory, Latency StoreOperations);
