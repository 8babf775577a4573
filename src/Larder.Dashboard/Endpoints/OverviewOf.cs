using Larder.Dashboard.Api;
using Larder.Inspection;

namespace Larder.Dashboard.Endpoints;

/// <summary>Makes an overview of what nodes say of themselves.</summary>
internal static class OverviewOf
{
    public static Overview Answers(NodeAnswers<NodeReport> answers, DateTimeOffset at) => new(
        at,
        NodesAsked.Of(answers),
        [
            .. answers.Nodes.Where(static node => node.Answer is not null)
                .OrderByDescending(static node => node.IsThis).ThenBy(static node => node.NodeId, StringComparer.Ordinal)
                .Select(static node => Node(node.Answer!, node.IsThis)),
        ],
        Interval: null);

    public static RequestTotals Totals(Counts counts) => new(
        counts.L1Hits, counts.L2Hits, counts.StaleHits, counts.Misses, counts.Factory.Count, counts.FlightsJoined,
        counts.InvalidationsSent, counts.InvalidationsReceived);

    public static Latency Latency(Durations durations) =>
        new(durations.Count, durations.PercentileMs(0.5), durations.PercentileMs(0.95), durations.PercentileMs(0.99));

    private static NodeOverview Node(NodeReport report, bool isThis) => new()
    {
        Id = report.NodeId,
        Name = NodeNames.Of(report.NodeId),
        IsThis = isThis,
        StartedAt = report.StartedAt,
        IsTrusted = report.Trust.IsTrusted,
        DistrustedSince = report.Trust.DistrustedSince,
        LastLossAt = report.Trust.LastLossAt,
        LastLossReason = report.Trust.LastLossReason,
        FeedLagMs = report.Trust.LagMs,
        SinceEchoMs = report.Trust.SinceEchoMs,
        Undelivered = report.Store.Undelivered,
        OldestUndeliveredMs = report.Store.OldestUndeliveredMs,
        Entries = report.Local.Entries,
        Bytes = report.Local.Bytes,
        MaximumEntries = report.Local.MaximumEntries,
        MaximumBytes = report.Local.MaximumBytes,
        Store = report.Store switch { { Description: null } => StoreState.None, { IsDown: true } => StoreState.Down, _ => StoreState.Up },
        StoreDownSince = report.Store.DownSince,
        CountedSince = report.Counts.Since,
        Totals = Totals(report.Counts),
        Factory = Latency(report.Counts.Factory),
        StoreOperations = Latency(Intervals.Sum(report.Counts.Store.Values)),
    };
}
