using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Set, Remove and Expire whose callers do not wait for L2, across two nodes, over a store that is slow.</summary>
public abstract class BackgroundInvalidationTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly LarderEntryOptions InBackground = new()
    {
        Expiration = Hour,
        InvalidateInBackground = true,
        FailSafe = new() { MaximumDuration = Hour },
    };

    private static readonly LarderEntryOptions Waiting = new() { Expiration = Hour, InvalidateInBackground = false };

    private static readonly LarderEntryOptions OrExpired = new() { ReadExpired = true, FailSafe = new() { MaximumDuration = Hour } };

    /// <summary>Those of keys.</summary>
    public static TheoryData<Invalidation> OfKeys => [Invalidation.Set, Invalidation.Remove, Invalidation.Expire];

    protected override void Configure(LarderOptions options)
    {
        base.Configure(options);
        options.ThrowOnUndelivered = true;
        options.Store.ReadTimeout = Second;
        options.EntryOptionsFor = static key => key.StartsWith("wait", StringComparison.Ordinal) ? Waiting : InBackground;
    }

    [Theory]
    [MemberData(nameof(OfKeys))]
    public async Task Invalidate_StoreIsSlow_CallerGoesOnThisNodeObeysAndOthersFollow(Invalidation invalidation)
    {
        await StoreOldAsync(Waiting);
        var gate = A.Store.BeforeChange = new Gate();

        await EndsAsync(A.Cache.InvalidateAsync(invalidation, "k"));
        await gate.Reached;
        Assert.Equal("old", await B.PeekStoreAsync("k"));

        // What is set is in L1. Who finds nothing there does not ask L2 before it knows.
        var before = A.Store.RoundTrips;
        var read = A.PeekAsync("k");
        Assert.Equal(invalidation == Invalidation.Set, read.IsCompleted);
        Assert.Equal(before, A.Store.RoundTrips);

        gate.Open();
        Assert.Equal(invalidation.Leaves(), await read);
        await ArrivedAsync();
        await AssertGoneAsync(invalidation);
    }

    [Fact]
    public async Task GetOrCreate_RemovalIsOnItsWay_WaitsAndMakesTheValueUnderALease()
    {
        await StoreOldAsync(Waiting);
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;
        Origin.Value = "new";

        var (one, many) = (GetAsync(A, Waiting), A.Cache.GetOrCreateManyAsync<string>(
            ["k"], (_, _) => throw new InvalidOperationException("It joins."), Waiting, cancellationToken: Cancel).AsTask());
        Assert.False(one.IsCompleted);
        gate.Open();

        Assert.Equal("new", await one);
        Assert.Equal("new", (await many)["k"]);
        Assert.Equal("new", await B.PeekStoreAsync("k"));
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task GetMany_RemovalIsOnItsWay_DoesNotFindWhatWasRemoved()
    {
        await StoreOldAsync(Waiting);
        await B.Cache.SetAsync("other", "there", Waiting, cancellationToken: Cancel);
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;

        var found = A.Cache.GetManyAsync<string>(["k", "other"], Cancel).AsTask();
        Assert.False(found.IsCompleted);
        gate.Open();

        Assert.Equal(["other"], (await found).Keys);
    }

    [Fact]
    public async Task GetOrCreate_RemovalDoesNotArriveInTheTimeOfARead_GoesOnWithoutL2()
    {
        await StoreOldAsync(Waiting);
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;
        Origin.Value = "new";

        var call = GetAsync(A, Waiting);
        await AdvanceUntilAnsweredAsync(call);

        Assert.Equal("new", await call);
        Assert.Equal("old", await B.PeekStoreAsync("k"));
        gate.Open();
        await ArrivedAsync();
        Assert.Null(await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task SetRemoveSet_StoreIsSlow_TheirOrderStaysAndTheLastStandsForThoseThatWait()
    {
        var gate = A.Store.BeforeChange = new Gate();

        await A.Cache.SetAsync("k", "first", cancellationToken: Cancel);
        await gate.Reached;
        await A.Cache.RemoveAsync("k", Cancel);
        Assert.False(A.Cache.Node.Local.Local.TryGet("k", out _));
        await A.Cache.SetAsync("k", "last", cancellationToken: Cancel);
        Assert.Equal("last", await A.PeekAsync("k"));
        Assert.Equal(["set"], A.Store.Changes);

        gate.Open();
        await ArrivedAsync();
        Assert.Equal(["set", "set"], A.Store.Changes);
        Assert.Equal(["last", "last", "last"], [await A.PeekAsync("k"), await B.PeekAsync("k"), await B.PeekStoreAsync("k")]);
    }

    [Fact]
    public async Task SetExpire_StoreIsSlow_FailSafeHasWhatWasSetLast()
    {
        await A.Cache.SetAsync("wait", "x", cancellationToken: Cancel);
        await StoreOldAsync(InBackground);
        await ArrivedAsync();
        A.Store.Changes.Clear();
        var gate = A.Store.BeforeChange = new Gate();

        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;
        await A.Cache.SetAsync("k", "set", cancellationToken: Cancel);
        await A.Cache.ExpireAsync("k", Cancel);
        await A.Cache.ExpireAsync("k", Cancel);
        gate.Open();
        await ArrivedAsync();

        Assert.Equal(["remove", "set", "expire"], A.Store.Changes);
        Assert.Null(await B.PeekStoreAsync("k"));
        var found = await B.Cache.TryGetAsync<string>("k", OrExpired, Cancel);
        Assert.Equal(("set", true), (found.Value, found.IsExpired));
    }

    [Fact]
    public async Task Set_OtherNodeSetsBeforeItArrives_ThatOfThisNodeIsTheLast()
    {
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.SetAsync("k", "mine", cancellationToken: Cancel);
        await gate.Reached;

        await B.Cache.SetAsync("k", "theirs", Waiting, cancellationToken: Cancel);
        await CatchUpAsync();
        var read = A.PeekAsync("k");
        gate.Open();

        Assert.Equal("mine", await read);
        await ArrivedAsync();
        Assert.Equal(["mine", "mine"], [await B.PeekStoreAsync("k"), await B.PeekAsync("k")]);
    }

    [Theory]
    [MemberData(nameof(OfKeys))]
    public async Task Set_OtherNodeInvalidatesWhenItHasArrived_ThatCounts(Invalidation invalidation)
    {
        var gate = A.Store.AfterChange = new Gate();
        await A.Cache.SetAsync("k", "mine", cancellationToken: Cancel);
        await gate.Reached;

        await B.Cache.InvalidateAsync(invalidation, "k");
        await CatchUpAsync();
        gate.Open();
        await ArrivedAsync();

        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Set_ItsTagIsRemovedBeforeItArrives_NobodyReadsIt(bool byOther)
    {
        await A.PeekAsync("nothing");
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.SetAsync("k", "set", tags: [InvalidationKinds.Tag], cancellationToken: Cancel);
        await gate.Reached;

        await InvalidateAsync(Invalidation.RemoveByTag, byOther);
        gate.Open();
        await ArrivedAsync();
        await CatchUpAsync();

        await AssertGoneAsync(Invalidation.RemoveByTag);
    }

    [Fact]
    public async Task GetOrCreate_FactoryRanBeforeTheRemovalWasCalled_ItsValueIsStoredNowhere()
    {
        var factory = new Gate();
        var made = A.GetSlowlyAsync("k", "old", factory);
        await factory.Reached;
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;

        factory.Open();
        Assert.Equal("old", await made);
        gate.Open();
        await ArrivedAsync();

        await AssertGoneAsync(Invalidation.Remove);
    }

    [Fact]
    public async Task Remove_ThatWaits_ComesAfterASetThatDoesNot()
    {
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.SetAsync("wait", "set", InBackground, cancellationToken: Cancel);
        await gate.Reached;

        var removal = A.Cache.RemoveAsync("wait", Cancel).AsTask();
        Assert.False(removal.IsCompleted);
        gate.Open();
        await removal;

        Assert.Equal(["set", "remove"], A.Store.Changes);
        Assert.Null(await A.PeekAsync("wait"));
        Assert.Null(await B.PeekStoreAsync("wait"));
    }

    [Fact]
    public async Task RemoveMany_OneKeyIsToBeWaitedFor_AllAre()
    {
        var gate = A.Store.BeforeChange = new Gate();

        var removal = A.Cache.RemoveAsync(["k", "wait"], Cancel).AsTask();
        await gate.Reached;

        Assert.False(removal.IsCompleted);
        gate.Open();
        await removal;
    }

    [Fact]
    public async Task SetMany_StoreIsSlow_CallerGoesOnAndThisNodeHasThem()
    {
        var values = Enumerable.Range(0, 2000).ToDictionary(static i => $"k{i}", static i => i);
        var gate = A.Store.BeforeChange = new Gate();

        await EndsAsync(A.Cache.SetManyAsync(values, cancellationToken: Cancel));
        await gate.Reached;

        var before = A.Store.RoundTrips;
        Assert.Equal(values, await A.Cache.GetManyAsync<int>(values.Keys, Cancel));
        Assert.Equal(before, A.Store.RoundTrips);
        gate.Open();
        await ArrivedAsync();
        Assert.Equal(values, await B.Cache.GetManyAsync<int>(values.Keys, Cancel));
    }

    [Fact]
    public async Task Set_OfWhatIsNotCached_RemovesAsTheCallSays()
    {
        var dontCache = new LarderEntryOptions { CacheNull = false, InvalidateInBackground = false };
        var gate = A.Store.BeforeChange = new Gate();

        var waiting = A.Cache.SetAsync<string?>("k", null, dontCache, cancellationToken: Cancel).AsTask();
        await gate.Reached;
        Assert.False(waiting.IsCompleted);
        gate.Open();
        await waiting;

        var second = A.Store.BeforeChange = new Gate();
        await EndsAsync(A.Cache.SetAsync<string?>("k", null, new LarderEntryOptions { CacheNull = false }, cancellationToken: Cancel));
        await second.Reached;
        second.Open();
        await ArrivedAsync();
    }

    [Theory]
    [MemberData(nameof(OfKeys))]
    public async Task Invalidate_StoreDiesBeforeItArrives_IsQueuedAndDelivered(Invalidation invalidation)
    {
        await StoreOldAsync(Waiting);
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.InvalidateAsync(invalidation, "k");
        await gate.Reached;

        await Server.KillAsync();
        gate.Open();
        await Eventually.TrueAsync(() => A.Cache.Node.Undelivered.CoversKey("k"), TimeSpan.FromSeconds(30), "it is queued");
        await ArrivedAsync();
        Assert.NotEqual("old", await A.GetAsync("k", "new"));

        await Server.RestartAsync();
        await Eventually.TrueAsync(
            () =>
            {
                AdvanceBlindly();
                return A.Cache.Node.Undelivered.Count == 0;
            },
            TimeSpan.FromSeconds(30),
            "it is delivered");
        Assert.NotEqual("old", await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Dispose_RemovalIsOnItsWay_WaitsForIt()
    {
        await StoreOldAsync(Waiting);
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;

        var closing = A.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        gate.Open();
        await closing;

        Assert.Null(await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Explain_RemovalIsOnItsWay_SaysSo()
    {
        await StoreOldAsync(Waiting);
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;

        var why = await A.Cache.ExplainAsync("k", Cancel);

        gate.Open();
        Assert.True(why.IsUndelivered);
        Assert.Equal(MissReason.Undelivered, why.StoreMiss);
    }

    private Task ArrivedAsync() => Eventually.TrueAsync(() => A.Cache.Node.Underway.Count == 0, TimeSpan.FromSeconds(30), "all is delivered");

    private static Task<bool> EndsAsync(ValueTask call) => EndsAsync(Answer(call));

    private static async ValueTask<bool> Answer(ValueTask call)
    {
        await call;
        return true;
    }
}

/// <summary>On redis-server.</summary>
public sealed class BackgroundInvalidationTestsOnRedis() : BackgroundInvalidationTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class BackgroundInvalidationTestsOnGarnet() : BackgroundInvalidationTests(ServerKind.Garnet);
