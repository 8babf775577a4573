using Larder.Inspection;
using Larder.Redis.Tests.Nodes;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Inspection;

/// <summary>Three nodes that ask each other; the third by a proxy.</summary>
public abstract class NodeTalkTests(ServerKind kind) : NodesOnServer(kind)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private FaultyProxy _proxy = null!;
    private Node _first = null!;
    private Node _second = null!;
    private Node _third = null!;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _proxy = new FaultyProxy(Server.Port);
        _first = await Node.StartPatientAsync(Server.Configuration);
        _second = await Node.StartPatientAsync(Server.Configuration);
        _third = await Node.StartAsync(_proxy.Configuration);
        await Eventually.TrueAsync(async () => (await ReportsAsync()).Nodes.Count(node => node.Answer is { Trust.IsTrusted: true }) == 3, Deadline);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _third.DisposeAsync();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Reports_OfAllNodes_ThisOneFirst()
    {
        await _second.Cache.SetAsync("k", "v");
        await _second.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"));
        await _second.Cache.GetOrCreateAsync("other", static _ => ValueTask.FromResult("v"));

        var reports = await ReportsAsync();

        Assert.Equal(_first.Cache.NodeId, reports.Nodes[0].NodeId);
        Assert.True(reports.Nodes[0].IsThis);
        var second = reports.Nodes.Single(node => node.NodeId == _second.Cache.NodeId).Answer!;
        Assert.Equal((1, 1), (second.Counts.L1Hits, second.Counts.Misses));
        Assert.Equal(1, second.Counts.Factory.Count);
        Assert.Contains("commit", second.Counts.Store.Keys);
        Assert.Equal(2, second.Local.Entries);
    }

    [Fact]
    public async Task Reports_NodeThatStopped_IsNotKnownAnyMore()
    {
        var id = _third.Cache.NodeId;
        await _third.DisposeAsync();

        Assert.DoesNotContain((await ReportsAsync()).Nodes, node => node.NodeId == id);
    }

    [Fact]
    public async Task Reports_NodeThatHangs_IsKnownAndSilent()
    {
        _proxy.Hold();

        var reports = await _first.Cache.Inspector.ReportsAsync(TimeSpan.FromMilliseconds(300), default);
        _proxy.Release();

        var silent = reports.Nodes.Single(node => node.Answer is null);
        Assert.Equal(_third.Cache.NodeId, silent.NodeId);
        Assert.Equal(2, reports.Answered);
        Assert.NotNull(silent.Card);
    }

    [Fact]
    public async Task Explain_NodeThatHearsNothing_AnswersAllTheSameAndIsNamedAsBehind()
    {
        await _third.Cache.SetAsync("k", "old");
        await Eventually.TrueAsync(async () => (await _third.Cache.TryGetAsync<string>("k")).Level == CacheLevel.L1, Deadline);
        _proxy.LosesPublished = true;
        await Task.Delay(300); // else both were written within what can be told apart
        await _first.Cache.SetAsync("k", "new");

        // For as long as MaxStaleness allows, it serves the old one; then it knows that it can't be trusted. On a machine that
        // stalls, ages are misjudged until the next pulse.
        string summary = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var behind = await _first.Cache.Inspector.ExplainAsync("k", Deadline, default);
                summary = behind.Summary;
                return behind.Behind.SequenceEqual([_third.Cache.NodeId]);
            },
            Deadline);
        Assert.Contains($"{_third.Cache.NodeId} serves a copy that is ", summary, StringComparison.Ordinal);

        await Eventually.TrueAsync(() => !_third.Cache.Node.Trust.IsTrusted(_third.Cache.Node.Clock.Now), Deadline);
        var distrusted = await _first.Cache.Inspector.ExplainAsync("k", Deadline, default);
        Assert.Empty(distrusted.Behind);
        Assert.Contains($"{_third.Cache.NodeId} ", distrusted.Summary, StringComparison.Ordinal);
        Assert.Contains("distrusts its L1 for", distrusted.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_AllServeIt_SaysSo()
    {
        // The message of the value's commit may come to a node that has read it by then, and drop its copy.
        string summary = "";
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var node in (Node[])[_first, _second, _third])
                {
                    await node.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"));
                }

                summary = (await _second.Cache.Inspector.ExplainAsync("k", Deadline, default)).Summary;
                return summary.Contains("all 3 nodes serve it from their L1", StringComparison.Ordinal);
            },
            Deadline);

        Assert.Contains("L2 has it, written ", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_AnInvalidation_IsReceivedByAllWithTheSameNumber()
    {
        await _first.Cache.Inspector.EventsAsync(new Dictionary<string, long>(), Deadline, default); // from now on they are noted
        await _second.Cache.RemoveAsync("k");

        NodeAnswers<EventBatch> batches = null!;
        await Eventually.TrueAsync(
            async () =>
            {
                batches = await _first.Cache.Inspector.EventsAsync(new Dictionary<string, long>(), Deadline, default);
                return batches.Nodes.All(node => Removal(node.Answer!) is not null);
            },
            Deadline);

        var removals = batches.Nodes.Select(node => Removal(node.Answer!)!).ToArray();
        Assert.Equal(3, removals.Length);
        Assert.All(removals, removal => Assert.Equal((_second.Cache.NodeId, removals[0].Number), (removal.Publisher, removal.Number)));

        static LiveEvent? Removal(EventBatch batch) =>
            batch.Events.FirstOrDefault(happened => happened is { Kind: LarderEventKind.Remove, Subject: "k" });
    }

    [Fact]
    public async Task Messages_OfAnyContent_AreIgnored()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
        foreach (var text in (string[])["", "{", "[]", "null", """{"Id":"x"}""", """{"Id":"x","From":"y","Question":{"Kind":99}}""", new('x', 100_000)])
        {
            await connection.GetSubscriber().PublishAsync(RedisChannel.Literal("larder:ask"), text);
            await connection.GetDatabase().HashSetAsync("larder:nodes", $"foreign{text.Length}", text);
        }

        var reports = await ReportsAsync();

        Assert.Equal(3, reports.Nodes.Count);
        Assert.Equal(3, reports.Answered);
        Assert.All(reports.Nodes, node => Assert.True(node.Answer!.Trust.IsTrusted));
    }

    private Task<NodeAnswers<NodeReport>> ReportsAsync() => _first.Cache.Inspector.ReportsAsync(Deadline, default);
}

/// <inheritdoc cref="NodeTalkTests"/>
public sealed class NodeTalkTestsOnRedis() : NodeTalkTests(ServerKind.Redis);

/// <inheritdoc cref="NodeTalkTests"/>
public sealed class NodeTalkTestsOnGarnet() : NodeTalkTests(ServerKind.Garnet);
