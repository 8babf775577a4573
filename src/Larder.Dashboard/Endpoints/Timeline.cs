using Larder.Dashboard.Api;

namespace Larder.Dashboard.Endpoints;

/// <summary>Puts what the nodes remember of a key into one order.</summary>
internal static class Timeline
{
    // What several nodes tell of one invalidation, each by the time of its own receipt.
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<TimelineItem> Of(IReadOnlyList<KeyExplanation> nodes, EntryExplanation? store, DateTimeOffset at)
    {
        var items = new List<TimelineItem>();
        if (store?.Age is { } age)
        {
            var writer = store.Writer is { } id ? $"by {NodeNames.Of(id)}" : "by another program";
            items.Add(new(at - age, "written", store.Writer, $"The entry in L2 was written {writer}."));
        }

        items.AddRange(Invalidations(nodes, at));
        foreach (var node in nodes)
        {
            var name = NodeNames.Of(node.NodeId);
            if (node.LastMiss is { } miss)
            {
                var inStore = miss.Store == MissReason.None ? "" : $", L2 {Text(miss.Store)}";
                items.Add(new(at - miss.Ago, "miss", node.NodeId, $"{name} missed it: L1 {Text(miss.Local)}{inStore}."));
            }

            if (node.NotTrustedFor is { } time)
            {
                items.Add(new(at - time, "trustLost", node.NodeId, $"{name} has not trusted its L1 since."));
            }
        }

        return [.. items.OrderByDescending(static item => item.At)];
    }

    private static IEnumerable<TimelineItem> Invalidations(IReadOnlyList<KeyExplanation> nodes, DateTimeOffset at)
    {
        var told = nodes.Where(static node => node.LastInvalidation is not null)
            .Select(node => (Known: node.LastInvalidation!, At: at - node.LastInvalidation!.Ago, By: node.NodeId))
            .OrderBy(static note => note.At);
        var groups = new List<(InvalidationExplanation Known, DateTimeOffset At, List<string> Others)>();
        foreach (var (known, when, by) in told)
        {
            var group = groups.FindIndex(one => one.Known.Kind == known.Kind && one.Known.Node == known.Node && when - one.At < Together);
            if (group < 0)
            {
                groups.Add((known, when, []));
                group = groups.Count - 1;
            }

            if (by != known.Node)
            {
                groups[group].Others.Add(NodeNames.Of(by));
            }
        }

        return groups.Select(static group => new TimelineItem(
            group.At,
            Camel(group.Known.Kind),
            group.Known.Node,
            $"{NodeNames.Of(group.Known.Node)}: {Camel(group.Known.Kind)}{HeardBy(group.Others)}."));
    }

    private static string HeardBy(List<string> nodes) => nodes.Count == 0 ? "" : $"; heard by {string.Join(", ", nodes)}";

    private static string Camel(LarderEventKind kind) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string Text(MissReason reason) => reason switch
    {
        MissReason.None => "was not asked",
        MissReason.NotThere => "did not have it",
        MissReason.Expired => "had it expired",
        MissReason.Tagged => "had it, killed by a tag",
        MissReason.NotTrusted => "was not trusted",
        MissReason.Unreadable => "had something that can't be read",
        MissReason.StoreDown => "did not answer",
        MissReason.Undelivered => "had an invalidation yet to come",
        MissReason.TooLarge => "got a value over the size limit",
        _ => "had it, but could not serve it",
    };
}
