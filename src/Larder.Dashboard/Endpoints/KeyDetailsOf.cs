using Larder.Dashboard.Api;
using Larder.Inspection;

namespace Larder.Dashboard.Endpoints;

/// <summary>Makes the details of a key of what the nodes explain: their times are ages, the page's are moments.</summary>
internal static class KeyDetailsOf
{
    public static KeyDetails Report(KeyReport report, DateTimeOffset at)
    {
        var answers = report.Nodes.Nodes.Where(static node => node.Answer is not null)
            .OrderByDescending(static node => node.IsThis).ThenBy(static node => node.NodeId, StringComparer.Ordinal).ToArray();
        var own = answers.FirstOrDefault(static node => node.IsThis)?.Answer;
        return new()
        {
            Key = report.Key,
            At = at,
            Sentence = report.Summary,
            Asked = NodesAsked.Of(report.Nodes),
            Store = own?.Store is { } store ? Entry(store, at) : null,
            StoreMiss = own?.StoreMiss ?? MissReason.None,
            KilledBy = own?.KilledBy,
            Nodes = [.. answers.Select(node => Node(node, report.Behind, at))],
            Timeline = Timeline.Of([.. answers.Select(static node => node.Answer!)], own?.Store, at),
        };
    }

    private static NodeKey Node(NodeAnswer<KeyExplanation> node, IReadOnlyList<string> behind, DateTimeOffset at)
    {
        var answer = node.Answer!;
        return new()
        {
            NodeId = node.NodeId,
            IsThis = node.IsThis,
            IsTrusted = answer.NotTrustedFor is null,
            DistrustedSince = at - answer.NotTrustedFor,
            Local = answer.Local is { } local ? Entry(local, at) : null,
            LocalMiss = answer.LocalMiss,
            IsUndelivered = answer.IsUndelivered,
            LastMissAt = at - answer.LastMiss?.Ago,
            IsBehind = behind.Contains(node.NodeId, StringComparer.Ordinal),
        };
    }

    private static EntryDetails Entry(EntryExplanation entry, DateTimeOffset at) => new()
    {
        Version = entry.Version,
        Writer = entry.Writer,
        WrittenAt = at - entry.Age,
        ExpiresAt = After(at, entry.ExpiresIn),
        KeptUntil = After(at, entry.KeptFor),
        IsExpired = entry.IsExpired,
        SlidingMs = entry.SlidingExpiration?.TotalMilliseconds,
        Tags = entry.Tags,
        Size = entry.Size,
        ETag = entry.ETag,
    };

    // An entry can be made to live longer than a calendar lasts.
    private static DateTimeOffset? After(DateTimeOffset at, TimeSpan? time) =>
        time is not { } left ? null : left < DateTimeOffset.MaxValue - at ? at + left : DateTimeOffset.MaxValue;
}
