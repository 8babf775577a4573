using Larder.Dashboard.Api;
using Larder.Inspection;

namespace Larder.Dashboard.Endpoints;

/// <summary>What happened between two askings: counts only grow, so it is their difference.</summary>
internal static class Intervals
{
    /// <summary>What happened on the nodes that answered both times, and have counted on between them.</summary>
    public static OverviewInterval Between(NodeAnswers<NodeReport> before, NodeAnswers<NodeReport> now, DateTimeOffset at, TimeSpan length)
    {
        var earlier = before.Nodes.Where(static node => node.Answer is not null).ToDictionary(
            static node => node.NodeId, static node => node.Answer!.Counts, StringComparer.Ordinal);
        var (totals, factory, store) = (RequestTotals.None, Durations.None, Durations.None);
        foreach (var node in now.Nodes)
        {
            if (node.Answer?.Counts is not { } counts || !earlier.TryGetValue(node.NodeId, out var old) || old.Since != counts.Since)
            {
                continue;
            }

            totals += OverviewOf.Totals(counts) - OverviewOf.Totals(old);
            factory = Sum([factory, Difference(counts.Factory, old.Factory)]);
            store = Sum([store, Difference(Sum(counts.Store.Values), Sum(old.Store.Values))]);
        }

        return new(at, length.TotalMilliseconds, totals, OverviewOf.Latency(factory), OverviewOf.Latency(store));
    }

    public static Durations Sum(IEnumerable<Durations> all)
    {
        var buckets = new long[Durations.BoundsMs.Count + 1];
        foreach (var one in all)
        {
            Add(buckets, one, 1);
        }

        return new(buckets);
    }

    private static Durations Difference(Durations later, Durations earlier)
    {
        var buckets = new long[Durations.BoundsMs.Count + 1];
        Add(buckets, later, 1);
        Add(buckets, earlier, -1);
        return new(buckets);
    }

    // A node of another version may have other buckets: what fits is counted.
    private static void Add(long[] buckets, Durations durations, int sign)
    {
        for (var i = 0; i < Math.Min(buckets.Length, durations.Buckets.Count); i++)
        {
            buckets[i] += sign * durations.Buckets[i];
        }
    }
}
