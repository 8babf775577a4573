using Larder.Inspection;

namespace Larder.Dashboard.Endpoints;

/// <summary>Brings the nodes' events together: what one published and the others received has one number, and so a lag.</summary>
internal static class Receipts
{
    public static IEnumerable<Api.LiveEvent> Of(NodeAnswers<EventBatch> answers)
    {
        var all = answers.Nodes.Where(static node => node.Answer is not null)
            .SelectMany(static node => node.Answer!.Events, static (node, happened) => (node.NodeId, Event: happened))
            .ToArray();
        var published = new Dictionary<(string, long), DateTimeOffset>();
        foreach (var (node, happened) in all)
        {
            if (happened is { Publisher: { } publisher, Number: { } number } && publisher == node)
            {
                published[(publisher, number)] = happened.At;
            }
        }

        return all.Select(one => Event(one.NodeId, one.Event, published));
    }

    private static Api.LiveEvent Event(string node, LiveEvent happened, Dictionary<(string, long), DateTimeOffset> published) => new()
    {
        At = happened.At,
        Kind = happened.Kind,
        Subject = happened.Subject.Length == 0 ? null : happened.Subject,
        Level = happened.Level == CacheLevel.None ? null : happened.Level,
        Node = node,
        Publisher = happened.Publisher,
        Number = happened.Number,
        LagMs = happened is { Publisher: { } publisher, Number: { } number } && publisher != node
            && published.TryGetValue((publisher, number), out var sent)
                ? (happened.At - sent).TotalMilliseconds
                : null,
        Fault = happened.Fault,
        Weight = happened.Weight,
    };
}
