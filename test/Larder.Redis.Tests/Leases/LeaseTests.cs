using System.Diagnostics;
using Larder.Redis.Tests.Nodes;
using Larder.Stores;
using Xunit;

namespace Larder.Redis.Tests.Leases;

/// <summary>One caller, one origin call, across nodes; and nobody who hangs or dies blocks the others for longer than the lease.</summary>
public abstract class LeaseTests(ServerKind kind) : NodesOnServer(kind)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task GetOrCreate_200CallersOnSeveralNodes_FactoryRunsOnce(int nodes)
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => StartNodeAsync()));
        var gate = new Gate();
        var calls = Enumerable.Range(0, 200).Select(i => servers[i % nodes].GetSlowlyAsync("k", "made", gate)).ToArray();

        await gate.Reached;
        gate.Open();

        Assert.All(await Task.WhenAll(calls), value => Assert.Equal("made", value));
        Assert.Equal(1, gate.Arrivals);
    }

    [Fact]
    public async Task GetOrCreate_200CallersOnNodesThatHaveJustStarted_FactoryRunsOnce()
    {
        var servers = new[] { StartDetachedNode(), StartDetachedNode() };
        var gate = new Gate();
        var calls = Enumerable.Range(0, 200).Select(i => servers[i % 2].GetSlowlyAsync("k", "made", gate)).ToArray();

        await gate.Reached;
        gate.Open();

        Assert.All(await Task.WhenAll(calls), value => Assert.Equal("made", value));
        Assert.Equal(1, gate.Arrivals);
    }

    [Fact]
    public async Task GetOrCreate_BeganBeforeTheNodeKnewTheTagClock_ItsValueIsValid()
    {
        var node = StartDetachedNode();
        var gate = new Gate();
        node.Store.BeforeRead = gate;
        var first = node.GetAsync("k", "made");
        await gate.Reached;
        await node.TrustsItsL1Async();
        gate.Open();
        await first;

        Assert.Equal("made", await (await StartNodeAsync()).PeekAsync("k"));
    }

    [Fact]
    public async Task GetOrCreate_FactoryOfOtherNodeIsSlow_WaiterGetsItsValueAtOnceAfterCommit()
    {
        var (a, b) = (await StartNodeAsync(), await StartNodeAsync());
        var gate = new Gate();
        var first = a.GetSlowlyAsync("k", "made", gate);
        await gate.Reached;
        var second = b.GetAsync("k", "never");

        // Longer than a lease lasts without a renewal.
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        var start = Stopwatch.GetTimestamp();
        gate.Open();

        Assert.Equal("made", await first);
        Assert.Equal("made", await second);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(400), "the feed, not the poll, woke the waiter");
    }

    [Fact]
    public async Task GetOrCreate_FactoryHangs_OthersAreBlockedForTheLeaseOnly()
    {
        var (a, b) = (await StartNodeAsync(Short), await StartNodeAsync(Short));
        var hung = new Gate();
        var first = a.GetSlowlyAsync("k", "late", hung);
        await hung.Reached;
        var start = Stopwatch.GetTimestamp();
        var onSameNode = a.GetAsync("k", "new");
        var onOtherNode = b.GetAsync("k", "new");

        Assert.Equal("new", await onSameNode);
        Assert.Equal("new", await onOtherNode);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Longest + Longest);
        Assert.Equal("new", await a.GetAsync("k", "never"));
        Assert.Equal("new", await b.PeekStoreAsync("k"));

        hung.Open();
        Assert.Equal("late", await first);
        Assert.Equal("new", await b.PeekStoreAsync("k"));
        Assert.Equal("new", await a.PeekAsync("k"));
    }

    [Fact]
    public async Task GetOrCreate_HolderDied_OthersGoOnWhenTheLeaseLapses()
    {
        var a = await StartNodeAsync(Short);

        // What is left of a node that died in its factory: a lease that nobody renews.
        var dead = await a.Store.AcquireLeaseAsync("k", new LeaseRequest(new LeaseToken("dead:1"), TimeSpan.FromSeconds(1)), default);
        Assert.Equal(LeaseState.Granted, dead.State);
        var start = Stopwatch.GetTimestamp();

        Assert.Equal("new", await a.GetAsync("k", "new"));

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(500), Longest);
        Assert.False(await a.Store.CommitAsync("k", new LeaseToken("dead:1"), new StoreWrite { Payload = "old"u8.ToArray() }, default));
        Assert.Equal("new", await a.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task GetOrCreate_FactoryFails_NextNodeGoesOnAtOnce()
    {
        var (a, b) = (await StartNodeAsync(), await StartNodeAsync());
        var gate = new Gate();
        var failing = a.Cache.GetOrCreateAsync<string>("k", async token =>
        {
            await gate.PassAsync(token);
            throw new InvalidOperationException("The origin is down.");
        }).AsTask();
        await gate.Reached;
        var other = b.GetAsync("k", "made");
        gate.Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal("made", await other);
        Assert.Equal("made", await a.GetAsync("k", "never"));
    }

    [Fact]
    public async Task GetOrCreate_LastCallerLeaves_LeaseIsGivenBack()
    {
        var (a, b) = (await StartNodeAsync(), await StartNodeAsync());
        var gate = new Gate();
        using var cancellation = new CancellationTokenSource();
        var cancelled = a.Cache.GetOrCreateAsync(
            "k",
            gate,
            static async (gate, token) =>
            {
                await gate.PassAsync(token);
                return "never";
            },
            cancellationToken: cancellation.Token).AsTask();
        await gate.Reached;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var start = Stopwatch.GetTimestamp();
        Assert.Equal("made", await b.GetAsync("k", "made"));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Longest);
    }

    private static void Short(LarderOptions options)
    {
        options.Lease.TimeToLive = TimeSpan.FromSeconds(1);
        options.Lease.MaximumDuration = Longest;
    }
}

/// <summary>On redis-server.</summary>
public sealed class LeaseTestsOnRedis() : LeaseTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class LeaseTestsOnGarnet() : LeaseTests(ServerKind.Garnet);
