using System.Diagnostics;
using Larder.Redis.Tests.Nodes;
using Xunit;

namespace Larder.Redis.Tests.Races;

/// <summary>What a network does to a node's connections while another node invalidates.</summary>
public abstract class NetworkFaultTests(ServerKind kind) : NodesOnServer(kind)
{
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(2);

    private FaultyProxy _proxy = null!;
    private TestNode _near = null!;
    private TestNode _far = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _proxy = new FaultyProxy(Server.Port);
        _near = await StartNodeAsync();
        _far = new TestNode(_proxy.Configuration, options =>
        {
            options.MaxStaleness = MaxStaleness;
            options.StoreTimeout = TimeSpan.FromMilliseconds(500);
        });
        await _far.TrustsItsL1Async();
        await _near.Cache.SetAsync("k", "old", cancellationToken: Cancel);
        await Eventually.TrueAsync(async () => await _far.PeekAsync("k") == "old" && _far.Cache.Node.Local.Local.TryGet("k", out _));
    }

    public override async ValueTask DisposeAsync()
    {
        // The proxy first: a node that is cut off does not wait for answers when it ends.
        await _proxy.DisposeAsync();
        await _far.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Cut_OtherNodeRemovesMeanwhile_OldValueDoesNotComeBack()
    {
        _proxy.TargetPort = 1; // nobody there
        _proxy.Cut();
        await _near.Cache.RemoveAsync("k", Cancel);
        await AssertNoLongerThanMaxStalenessAsync();

        _proxy.TargetPort = Server.Port;
        await AssertRecoversAsync();
    }

    [Fact]
    public async Task Hold_OtherNodeRemovesMeanwhile_OldValueIsReadNoLongerThanMaxStaleness()
    {
        _proxy.Hold();
        await _near.Cache.RemoveAsync("k", Cancel);
        await AssertNoLongerThanMaxStalenessAsync();

        _proxy.Release();
        await AssertRecoversAsync();
    }

    [Fact]
    public async Task SwallowAnswers_OtherNodeRemovesMeanwhile_OldValueIsReadNoLongerThanMaxStaleness()
    {
        _proxy.SwallowAnswers();
        await _near.Cache.RemoveAsync("k", Cancel);
        await AssertNoLongerThanMaxStalenessAsync();

        _proxy.Cut();
        await AssertRecoversAsync();
    }

    [Fact]
    public async Task Delay_OtherNodeRemovesByTagAndSetsAgain_NodesAgreeInTheEnd()
    {
        _proxy.Delay = TimeSpan.FromMilliseconds(50);
        for (var i = 0; i < 20; i++)
        {
            await _near.Cache.SetAsync("k", $"{i}", tags: ["t"], cancellationToken: Cancel);
            await _far.GetAsync("k", "made");
            await _near.Cache.RemoveByTagAsync("t", Cancel);
        }

        await _near.Cache.SetAsync("k", "new", tags: ["t"], cancellationToken: Cancel);

        await Eventually.TrueAsync(async () => await _far.PeekAsync("k") == "new");
    }

    private async Task AssertNoLongerThanMaxStalenessAsync()
    {
        var start = Stopwatch.GetTimestamp();
        TimeSpan age;
        do
        {
            age = Stopwatch.GetElapsedTime(start);
            var value = await _far.PeekAsync("k");
            Assert.False(value == "old" && age > MaxStaleness, $"It was still read {age} after the removal.");
            await Task.Delay(5, Cancel);
        }
        while (age < 1.5 * MaxStaleness);

        Assert.Equal("made", await _far.GetAsync("k", "made"));
    }

    private async Task AssertRecoversAsync()
    {
        await _far.TrustsItsL1Async();
        Assert.NotEqual("old", await _far.PeekAsync("k"));
        await _near.Cache.SetAsync("k", "new", cancellationToken: Cancel);
        await Eventually.TrueAsync(async () => await _far.PeekAsync("k") == "new");
    }
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class NetworkFaultTestsOnRedis() : NetworkFaultTests(ServerKind.Redis);

/// <summary>On embedded Garnet.</summary>
public sealed class NetworkFaultTestsOnGarnet() : NetworkFaultTests(ServerKind.Garnet);
