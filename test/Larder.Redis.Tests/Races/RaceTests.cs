using Larder.Redis.Tests.Nodes;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests.Races;

/// <summary>
/// The sequences by which caches serve what was invalidated, each forced by gates. A and B
/// are two app servers on one real server.
/// </summary>
public abstract class RaceTests(ServerKind kind) : NodesOnServer(kind)
{
    private TestNode _a = null!;
    private TestNode _b = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _a = await StartNodeAsync();
        _b = await StartNodeAsync();
    }

    [Fact]
    public async Task R1_OtherNodeRemoves_CopyInL1Goes()
    {
        await _a.HoldsInL1Async("k", "old");

        await _b.Cache.RemoveAsync("k");

        await _a.LocalIsGoneAsync("k");
        Assert.Equal("new", await _a.GetAsync("k", "new"));
    }

    [Fact]
    public async Task R2_OtherNodeRemovesTagThatThisOneHasSeen_CopyInL1IsOut()
    {
        await _a.Cache.RemoveByTagAsync("t");
        await _a.Cache.SetAsync("k", "old", tags: ["t"]);
        Assert.Equal("old", await _b.PeekAsync("k"));

        await _a.Cache.RemoveByTagAsync("t");

        Assert.Null(await _a.PeekAsync("k"));
        await Eventually.TrueAsync(() => IsGoneAsync(_b), message: "the other node knows of the tag's removal");
    }

    [Fact]
    public async Task R3_OtherNodeRemovesWhileFactoryRuns_OldValueIsStoredNowhere()
    {
        var gate = new Gate();
        var slow = _a.GetSlowlyAsync("k", "old", gate);
        await gate.Reached;

        await _b.Cache.RemoveAsync("k");
        gate.Open();
        await slow;

        Assert.Null(await _b.PeekStoreAsync("k"));
        await _a.CatchUpAsync();
        Assert.Null(await _a.PeekAsync("k"));
        Assert.Equal("new", await _a.GetAsync("k", "new"));
        Assert.Equal("new", await _b.GetAsync("k", "newer"));
    }

    [Fact]
    public async Task R3_OtherNodeRemovesBetweenFactoryAndCommit_OldValueIsStoredNowhere()
    {
        var gate = new Gate();
        _a.Store.BeforeCommit = gate;
        var slow = _a.GetAsync("k", "old");
        await gate.Reached;

        await _b.Cache.RemoveAsync("k");
        gate.Open();
        await slow;

        Assert.Null(await _b.PeekStoreAsync("k"));
        Assert.Equal("new", await _a.GetAsync("k", "new"));
    }

    [Fact]
    public async Task R4_OtherNodeSetsWhileFactoryRuns_SetValueStays()
    {
        var gate = new Gate();
        var slow = _a.GetSlowlyAsync("k", "old", gate);
        await gate.Reached;

        await _b.Cache.SetAsync("k", "new");
        gate.Open();
        await slow;

        Assert.Equal("new", await _b.PeekStoreAsync("k"));
        Assert.Equal("new", await _a.PeekAsync("k"));
        Assert.Equal("new", await _b.PeekAsync("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R5_SameNodeInvalidatesWhileFactoryRuns_OldValueIsStoredNowhere(bool bySet)
    {
        var gate = new Gate();
        var slow = _a.GetSlowlyAsync("k", "old", gate);
        await gate.Reached;

        await (bySet ? _a.Cache.SetAsync("k", "new") : _a.Cache.RemoveAsync("k"));
        gate.Open();
        await slow;

        Assert.Equal(bySet ? "new" : null, await _a.PeekAsync("k"));
        Assert.Equal(bySet ? "new" : null, await _b.PeekStoreAsync("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R6_CallerAfterRemove_DoesNotJoinFactoryFromBefore(bool byTag)
    {
        var gate = new Gate();
        var slow = _a.GetSlowlyAsync("k", "old", gate, tags: ["t"]);
        await gate.Reached;

        await (byTag ? _a.Cache.RemoveByTagAsync("t") : _a.Cache.RemoveAsync("k"));
        var late = _a.GetAsync("k", "new");
        if (byTag)
        {
            // The lease is still the first factory's: the late caller waits for its value, and finds it invalid.
            gate.Open();
        }

        // Sooner than the first factory would have to give the key up.
        Assert.Equal("new", await late.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        gate.Open();
        Assert.Equal("old", await slow);
        Assert.Equal("new", await _a.PeekAsync("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R7_TagIsRemovedWhileFactoryRuns_OldValueIsInvalidEverywhere(bool byOther)
    {
        var gate = new Gate();
        var slow = _a.GetSlowlyAsync("k", "old", gate, tags: ["t"]);
        await gate.Reached;

        await (byOther ? _b : _a).Cache.RemoveByTagAsync("t");
        gate.Open();
        await slow;

        await Eventually.TrueAsync(() => IsGoneAsync(_a), message: "A knows of the tag's removal");
        await Eventually.TrueAsync(() => IsGoneAsync(_b), message: "B knows of the tag's removal");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R8_OtherNodeInvalidatesWhileReadOfL2IsUnderWay_OldValueIsNotKept(bool bySet)
    {
        await _b.Cache.SetAsync("k", "old");
        await _a.LocalIsGoneAsync("k");
        var gate = new Gate();
        _a.Store.AfterRead = gate;
        var slow = _a.GetAsync("k", "never");
        await gate.Reached;

        await (bySet ? _b.Cache.SetAsync("k", "new") : _b.Cache.RemoveAsync("k"));
        await FeedHasArrivedAsync();
        gate.Open();
        Assert.Equal("old", await slow);

        Assert.Equal("new", await _a.GetAsync("k", "new"));
    }

    [Fact]
    public async Task R9_SameNodeRemovesWhileItsReadOfL2IsUnderWay_OldValueIsNotKept()
    {
        await _b.Cache.SetAsync("k", "old");
        await _a.CatchUpAsync(); // or its message would come later, and refuse what A makes then
        var gate = new Gate();
        _a.Store.AfterRead = gate;
        var slow = _a.GetAsync("k", "never");
        await gate.Reached;

        await _a.Cache.RemoveAsync("k");
        var late = await _a.GetAsync("k", "new");
        gate.Open();
        Assert.Equal("old", await slow);

        Assert.Equal("new", late);
        Assert.Equal("new", await _a.PeekAsync("k"));
    }

    [Fact]
    public async Task R8_TagIsRemovedWhileAReadOfL2IsUnderWay_LaterReaderDoesNotJoinIt()
    {
        await _b.Cache.SetAsync("k", "old", tags: ["t"]);
        await _a.CatchUpAsync();
        var gate = new Gate();
        _a.Store.AfterRead = gate;
        var first = _a.GetAsync("k", "new");
        await gate.Reached;

        await _a.Cache.RemoveByTagAsync("t");

        // Neither reader names a tag.
        Assert.Equal("newer", await _a.GetAsync("k", "newer"));
        gate.Open();
        Assert.NotEqual("old", await first);
        Assert.Equal("newer", await _a.GetAsync("k", "never"));
    }

    [Fact]
    public async Task R8_TagIsRemovedAfterAReadOfL2WasFoundValid_LaterReaderDoesNotJoinIt()
    {
        await _b.Cache.SetAsync("k", new SlowlyRead { Value = "old" }, tags: ["t"]);
        await _a.CatchUpAsync();
        var gate = new Gate();
        var first = Task.Run(
            () =>
            {
                // Its tags are checked before it is deserialized.
                SlowlyRead.Gate.Value = gate;
                return GetAsync("never");
            },
            TestContext.Current.CancellationToken);
        await gate.Reached;

        await _a.Cache.RemoveByTagAsync("t");

        Assert.Equal("new", await GetAsync("new"));
        gate.Open();
        Assert.Equal("old", await first);
        Assert.Equal("new", await GetAsync("never"));

        async Task<string> GetAsync(string made) =>
            (await _a.Cache.GetOrCreateAsync("k", made, static (made, _) => new ValueTask<SlowlyRead>(new SlowlyRead { Value = made }))).Value;
    }

    [Fact]
    public async Task R14_TagOfTheEntryIsRemoved_ReaderThatNamesNoTagGetsTheNewValue()
    {
        await _a.Cache.SetAsync("k", "old", tags: ["t"]);
        await _a.Cache.RemoveByTagAsync("t");

        Assert.Equal("new", await _a.GetAsync("k", "new"));
    }

    [Fact]
    public async Task R16_TwoNamedCachesInOneProcess_ShareNothing()
    {
        var services = new ServiceCollection();
        services.AddLarder("one").UseRedis(Server.Configuration);
        services.AddLarder("two").UseRedis(Server.Configuration);
        await using var provider = services.BuildServiceProvider();
        var one = provider.GetRequiredKeyedService<HybridCache>("one");
        var two = provider.GetRequiredKeyedService<HybridCache>("two");

        Assert.Equal("first", await one.GetOrCreateAsync("k", static _ => ValueTask.FromResult("first")));
        Assert.Equal("second", await two.GetOrCreateAsync("k", static _ => ValueTask.FromResult("second")));
        await one.RemoveAsync("k");
        await one.RemoveByTagAsync("*");

        Assert.Equal("second", await two.GetOrCreateAsync("k", static _ => ValueTask.FromResult("third")));
    }

    private static async Task<bool> IsGoneAsync(TestNode node) => await node.PeekAsync("k") is null;

    /// <summary>Waits until A has received everything that B has published.</summary>
    private async Task FeedHasArrivedAsync()
    {
        await _a.GetAsync("marker", "x");
        await _b.Cache.RemoveAsync("marker");
        await _a.LocalIsGoneAsync("marker");
    }

    /// <summary>A value whose deserialization waits at a gate, where its reader has one.</summary>
    private sealed class SlowlyRead
    {
        public static readonly AsyncLocal<Gate?> Gate = new();

        public required string Value
        {
            get;
            set
            {
                Gate.Value?.PassAsync().GetAwaiter().GetResult();
                field = value;
            }
        }
    }
}

/// <summary>On redis-server.</summary>
public sealed class RaceTestsOnRedis() : RaceTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class RaceTestsOnGarnet() : RaceTests(ServerKind.Garnet);
