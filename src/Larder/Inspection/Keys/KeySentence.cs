using System.Globalization;

namespace Larder.Inspection;

/// <summary>Finds the nodes that are behind, and says in a sentence what is with a key.</summary>
internal static class KeySentence
{
    // The ages of two nodes are measured at two moments on the way of a message.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(100);

    /// <summary>The nodes whose L1 serves a value that was written before the one in L2, or one that L2 has no more.</summary>
    public static IReadOnlyList<string> Behind(NodeAnswers<KeyExplanation> nodes)
    {
        var store = nodes.Nodes[0].Answer!;
        return store.StoreMiss == MissReason.StoreDown || store.StoreDownFor is not null
            ? []
            : [.. nodes.Nodes.Where(node => node.Answer is { Local: not null, LocalMiss: MissReason.None } answer && IsBehind(answer.Local, store)).Select(static node => node.NodeId)];
    }

    /// <summary>The sentence.</summary>
    /// <param name="nodes">What the nodes know.</param>
    /// <param name="behind">Those that are behind.</param>
    /// <param name="hasStore">Whether the cache has an L2.</param>
    public static string Of(NodeAnswers<KeyExplanation> nodes, IReadOnlyList<string> behind, bool hasStore)
    {
        var parts = new List<string>();
        var own = nodes.Nodes[0].Answer!;
        var serving = nodes.Nodes.Where(static node => node.Answer is { LocalMiss: MissReason.None, Local: not null }).ToArray();
        if (hasStore)
        {
            parts.Add("L2 " + Store(own));
        }

        foreach (var node in serving.Where(node => behind.Contains(node.NodeId)))
        {
            parts.Add($"{node.NodeId} serves {(own.Store is { Age: { } stored } && node.Answer!.Local!.Age is { } age
                ? $"a copy that is {Text(age - stored)} older"
                : "a copy that L2 does not have")}");
        }

        var same = serving.Length - serving.Count(node => behind.Contains(node.NodeId));
        parts.Add(same switch
        {
            0 when serving.Length > 0 => "",
            0 => "no node serves it from its L1",
            _ when same == nodes.Nodes.Count => same == 1 ? "this node serves it from its L1" : $"all {same} nodes serve it from their L1",
            1 => $"{serving.First(node => !behind.Contains(node.NodeId)).NodeId} serves it from its L1",
            _ => $"{same} nodes serve it from their L1",
        });
        parts.AddRange(nodes.Nodes.Select(Trouble));
        var sentence = string.Join("; ", parts.Where(static part => part.Length > 0));
        return sentence.Length == 0 ? "Nothing is known of it." : char.ToUpperInvariant(sentence[0]) + sentence[1..] + ".";
    }

    private static bool IsBehind(EntryExplanation copy, KeyExplanation store) => store switch
    {
        { Store: null } => true,
        { StoreMiss: MissReason.Tagged } => true,
        { Store.Age: { } stored } when copy.Age is { } age => age > stored + Tolerance,
        _ => false,
    };

    private static string Store(KeyExplanation own) => own switch
    {
        { StoreMiss: MissReason.StoreDown } => "does not answer",
        { Store: null } => "does not have it",
        { StoreMiss: MissReason.Tagged, KilledBy: Tags.TagClock.All } => "has it, killed by Clear or a new generation",
        { StoreMiss: MissReason.Tagged, KilledBy: var tag } => $"has it, killed by the tag '{tag}'",
        { StoreMiss: MissReason.Expired } => "has it expired, kept for fail-safe",
        { StoreMiss: MissReason.Unreadable } => "has something that can't be read",
        { StoreMiss: MissReason.Undelivered } => "has it, but an invalidation of this node is yet to be delivered",
        { Store: { Age: { } age, Writer: { } writer } } => $"has it, written {Text(age)} ago by {writer}",
        _ => "has it",
    };

    private static string Trouble(NodeAnswer<KeyExplanation> node)
    {
        var trust = node.Card?.Trust;
        var lost = trust is { LastLossAt: { } at, LastLossReason: { } why }
            ? $"{(why == FeedLossReason.Gap ? "missed a message" : "lost its subscription")} at {Clock(at)}"
            : null;
        return node switch
        {
            { Answer: { NotTrustedFor: { } time } } =>
                $"{node.NodeId} {(lost is null ? "" : lost + " and ")}distrusts its L1 for {Text(time)}",
            { Answer: null, IsThis: false, Card: { } card } =>
                $"{node.NodeId} does not answer, and was last seen at {Clock(card.At)}{(lost is null || card.Trust.IsTrusted ? "" : $" ({lost})")}",
            _ => "",
        };
    }

    private static string Clock(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    private static string Text(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalMilliseconds):0} ms"),
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h"),
    };
}
