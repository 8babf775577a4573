using Larder.Inspection;
using Xunit;

namespace Larder.Tests.Inspection;

public sealed class KeySentenceTests
{
    private static readonly EntryExplanation Stored = new() { Age = TimeSpan.FromSeconds(2), Writer = "web-1.aaaaaaaa" };

    [Fact]
    public void Of_ANodeIsBehind_NamesItAndByHowMuch() => Assert.Equal(
        "L2 has it, written 2 s ago by web-1; web-2 serves a copy that is 10 s older; web-1 serves it from its L1.",
        SentenceOf(Serving("web-1.aaaaaaaa", 2), Serving("web-2.bbbbbbbb", 12)));

    [Fact]
    public void Of_NodesOfOneName_HaveTheirWholeIds() => Assert.Equal(
        "L2 has it, written 2 s ago by web-1.aaaaaaaa; web-1.bbbbbbbb serves a copy that is 10 s older; web-1.aaaaaaaa serves it from its L1.",
        SentenceOf(Serving("web-1.aaaaaaaa", 2), Serving("web-1.bbbbbbbb", 12)));

    [Fact]
    public void Of_ANodeThatLostItsSubscription_SaysWhenAndSinceWhenItDistrustsItsL1()
    {
        var distrusting = Serving("web-2.bbbbbbbb", 12) with
        {
            Answer = Serving("web-2.bbbbbbbb", 12).Answer! with { LocalMiss = MissReason.NotTrusted, NotTrustedFor = TimeSpan.FromSeconds(7) },
            Card = CardOf("web-2.bbbbbbbb", FeedLossReason.Interrupted),
        };

        Assert.Equal(
            "L2 has it, written 2 s ago by web-1; web-1 serves it from its L1; web-2 lost its subscription at 10:01:58 UTC and distrusts its L1 for 7 s.",
            SentenceOf(Serving("web-1.aaaaaaaa", 2), distrusting));
    }

    [Fact]
    public void Of_ANodeThatIsSilent_SaysWhenItWasSeen() => Assert.Equal(
        "L2 has it, written 2 s ago by web-1; web-1 serves it from its L1; web-2 does not answer, and was last seen at 10:02:00 UTC.",
        SentenceOf(Serving("web-1.aaaaaaaa", 2), new() { NodeId = "web-2.bbbbbbbb", Card = CardOf("web-2.bbbbbbbb", null) }));

    [Fact]
    public void Behind_WrittenWithinWhatTwoClocksCanTell_IsNone()
    {
        var nodes = new NodeAnswers<KeyExplanation>([Serving("web-1.aaaaaaaa", 2), Serving("web-2.bbbbbbbb", 2.05)]);

        Assert.Empty(KeySentence.Behind(nodes, hasStore: true));
    }

    private static string SentenceOf(params NodeAnswer<KeyExplanation>[] nodes)
    {
        var all = new NodeAnswers<KeyExplanation>(nodes);
        return KeySentence.Of(all, KeySentence.Behind(all, hasStore: true), hasStore: true);
    }

    private static NodeAnswer<KeyExplanation> Serving(string nodeId, double age) => new()
    {
        NodeId = nodeId,
        IsThis = nodeId.EndsWith(".aaaaaaaa", StringComparison.Ordinal),
        Answer = new() { Key = "k", NodeId = nodeId, Summary = "", Local = new() { Age = TimeSpan.FromSeconds(age) }, Store = Stored },
    };

    private static NodeCard CardOf(string nodeId, FeedLossReason? loss)
    {
        var seen = new DateTimeOffset(2026, 1, 1, 10, 2, 0, TimeSpan.Zero);
        return new()
        {
            NodeId = nodeId,
            At = seen,
            StartedAt = seen.AddHours(-1),
            Trust = new() { IsTrusted = loss is null, LastLossAt = loss is null ? null : seen.AddSeconds(-2), LastLossReason = loss },
        };
    }
}
