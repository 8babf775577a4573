using Larder.Redis.Tests.Nodes;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests.Races;

/// <summary>
/// The sequences by which caches serve what was invalidated, each forced by gates. A and B
/// are two app servers on one real server.
/// </summary>
public abstract class RaceTests(ServerKind kind) : TwoNodesOnServer(kind)
{
    [Fact]
    public async Task R1_OtherNodeRemoves_CopyInL1Goes()
    {
        await A.HoldsInL1Async("k", "old");

        await B.Cache.RemoveAsync("k");

        await A.LocalIsGoneAsync("k");
        Assert.Equal("new", await A.GetAsync("k", "new"));
    }

    [Fact]
    public async Task R2_OtherNodeRemovesTagThatThisOneHasSeen_CopyInL1IsOut()
    {
        await A.Cache.RemoveByTagAsync("t");
        await A.Cache.SetAsync("k", "old", tags: ["t"]);
        Assert.Equal("old", await B.PeekAsync("k"));

        await A.Cache.RemoveByTagAsync("t");

        Assert.Null(await A.PeekAsync("k"));
        await Eventually.TrueAsync(() => IsGoneAsync(B), message: "the other node knows of the tag's removal");
    }

    [Fact]
    public async Task R3_OtherNodeRemovesWhileFactoryRuns_OldValueIsStoredNowhere()
    {
        var gate = new Gate();
        var slow = A.GetSlowlyAsync("k", "old", gate);
        await gate.Reached;

        await B.Cache.RemoveAsync("k");
        gate.Open();
        await slow;

        Assert.Null(await B.PeekStoreAsync("k"));
        await A.CatchUpAsync();
        Assert.Null(await A.PeekAsync("k"));
        Assert.Equal("new", await A.GetAsync("k", "new"));
        Assert.Equal("new", await B.GetAsync("k", "newer"));
    }

    [Fact]
    public async Task R3_OtherNodeRemovesBetweenFactoryAndCommit_OldValueIsStoredNowhere()
    {
        var gate = new Gate();
        A.Store.BeforeCommit = gate;
        var slow = A.GetAsync("k", "old");
        await gate.Reached;

        await B.Cache.RemoveAsync("k");
        gate.Open();
        await slow;

        Assert.Null(await B.PeekStoreAsync("k"));
        Assert.Equal("new", await A.GetAsync("k", "new"));
    }

    [Fact]
    public async Task R4_OtherNodeSetsWhileFactoryRuns_SetValueStays()
    {
        var gate = new Gate();
        var slow = A.GetSlowlyAsync("k", "old", gate);
        await gate.Reached;

        await B.Cache.SetAsync("k", "new");
        gate.Open();
        await slow;

        Assert.Equal("new", await B.PeekStoreAsync("k"));
        Assert.Equal("new", await A.PeekAsync("k"));
        Assert.Equal("new", await B.PeekAsync("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R5_SameNodeInvalidatesWhileFactoryRuns_OldValueIsStoredNowhere(bool bySet)
    {
        var gate = new Gate();
        var slow = A.GetSlowlyAsync("k", "old", gate);
        await gate.Reached;

        await (bySet ? A.Cache.SetAsync("k", "new") : A.Cache.RemoveAsync("k"));
        gate.Open();
        await slow;

        Assert.Equal(bySet ? "new" : null, await A.PeekAsync("k"));
        Assert.Equal(bySet ? "new" : null, await B.PeekStoreAsync("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R6_CallerAfterRemove_DoesNotJoinFactoryFromBefore(bool byTag)
    {
        var gate = new Gate();
        var slow = A.GetSlowlyAsync("k", "old", gate, tags: ["t"]);
        await gate.Reached;

        await (byTag ? A.Cache.RemoveByTagAsync("t") : A.Cache.RemoveAsync("k"));
        var late = A.GetAsync("k", "new");
        if (byTag)
        {
            // The lease is still the first factory's: the late caller waits for its value, and finds it invalid.
            gate.Open();
        }

        // Sooner than the first factory would have to give the key up.
        Assert.Equal("new", await late.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        gate.Open();
        Assert.Equal("old", await slow);
        Assert.Equal("new", await A.PeekAsync("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R7_TagIsRemovedWhileFactoryRuns_OldValueIsInvalidEverywhere(bool byOther)
    {
        var gate = new Gate();
        var slow = A.GetSlowlyAsync("k", "old", gate, tags: ["t"]);
        await gate.Reached;

        await (byOther ? B : A).Cache.RemoveByTagAsync("t");
        gate.Open();
        await slow;

        await Eventually.TrueAsync(() => IsGoneAsync(A), message: "A knows of the tag's removal");
        await Eventually.TrueAsync(() => IsGoneAsync(B), message: "B knows of the tag's removal");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R8_OtherNodeInvalidatesWhileReadOfL2IsUnderWay_OldValueIsNotKept(bool bySet)
    {
        await B.Cache.SetAsync("k", "old");
        await A.LocalIsGoneAsync("k");
        var gate = new Gate();
        A.Store.AfterRead = gate;
        var slow = A.GetAsync("k", "never");
        await gate.Reached;

        await (bySet ? B.Cache.SetAsync("k", "new") : B.Cache.RemoveAsync("k"));
        await FeedHasArrivedAsync();
        gate.Open();
        Assert.Equal("old", await slow);

        Assert.Equal("new", await A.GetAsync("k", "new"));
    }

    [Fact]
    public async Task R9_SameNodeRemovesWhileItsReadOfL2IsUnderWay_OldValueIsNotKept()
    {
        await B.Cache.SetAsync("k", "old");
        await A.CatchUpAsync(); // or its message would come later, and refuse what A makes then
        var gate = new Gate();
        A.Store.AfterRead = gate;
        var slow = A.GetAsync("k", "never");
        await gate.Reached;

        await A.Cache.RemoveAsync("k");
        var late = await A.GetAsync("k", "new");
        gate.Open();
        Assert.Equal("old", await slow);

        Assert.Equal("new", late);
        Assert.Equal("new", await A.PeekAsync("k"));
    }

    [Fact]
    public async Task R8_TagIsRemovedWhileAReadOfL2IsUnderWay_LaterReaderDoesNotJoinIt()
    {
        await B.Cache.SetAsync("k", "old", tags: ["t"]);
        await A.CatchUpAsync();
        var gate = new Gate();
        A.Store.AfterRead = gate;
        var first = A.GetAsync("k", "new");
        await gate.Reached;

        await A.Cache.RemoveByTagAsync("t");

        // Neither reader names a tag.
        Assert.Equal("newer", await A.GetAsync("k", "newer"));
        gate.Open();
        Assert.NotEqual("old", await first);
        Assert.Equal("newer", await A.GetAsync("k", "never"));
    }

    [Fact]
    public async Task R8_TagIsRemovedAfterAReadOfL2WasFoundValid_LaterReaderDoesNotJoinIt()
    {
        await B.Cache.SetAsync("k", new SlowlyRead { Value = "old" }, tags: ["t"]);
        await A.CatchUpAsync();
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

        await A.Cache.RemoveByTagAsync("t");

        Assert.Equal("new", await GetAsync("new"));
        gate.Open();
        Assert.Equal("old", await first);
        Assert.Equal("new", await GetAsync("never"));

        async Task<string> GetAsync(string made) =>
            (await A.Cache.GetOrCreateAsync("k", made, static (made, _) => new ValueTask<SlowlyRead>(new SlowlyRead { Value = made }))).Value;
    }

    [Fact]
    public async Task R14_TagOfTheEntryIsRemoved_ReaderThatNamesNoTagGetsTheNewValue()
    {
        await A.Cache.SetAsync("k", "old", tags: ["t"]);
        await A.Cache.RemoveByTagAsync("t");

        Assert.Equal("new", await A.GetAsync("k", "new"));
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
        await A.GetAsync("marker", "x");
        await B.Cache.RemoveAsync("marker");
        await A.LocalIsGoneAsync("marker");
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
