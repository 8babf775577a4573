using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Removals and expiries whose callers do not wait for L2, across two nodes, over a store that is slow.</summary>
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
    public static TheoryData<Invalidation> OfKeys => [Invalidation.Remove, Invalidation.Expire];

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

        // Who reads here does not ask L2 before it knows.
        var before = A.Store.RoundTrips;
        var read = A.PeekAsync("k");
        Assert.False(read.IsCompleted);
        Assert.Equal(before, A.Store.RoundTrips);

        gate.Open();
        Assert.Null(await read);
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
    public async Task Remove_SeveralTimesAndStoreIsSlow_TheLastStandsForThoseThatWait()
    {
        await StoreOldAsync(Waiting);
        A.Store.Changes.Clear();
        var gate = A.Store.BeforeChange = new Gate();

        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;
        await A.Cache.ExpireAsync("k", Cancel);
        await A.Cache.RemoveAsync("k", Cancel);
        gate.Open();
        await ArrivedAsync();

        Assert.Equal(["remove", "remove"], A.Store.Changes);
        await AssertGoneAsync(Invalidation.Remove);
    }

    [Fact]
    public async Task Set_RemovalOfItsKeyIsOnItsWay_WaitsAndComesAfterIt()
    {
        await StoreOldAsync(InBackground);
        A.Store.Changes.Clear();
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.RemoveAsync("k", Cancel);
        await gate.Reached;

        var setting = A.Cache.SetAsync("k", "set", InBackground, cancellationToken: Cancel).AsTask();
        Assert.False(setting.IsCompleted);
        gate.Open();
        await setting;

        Assert.Equal(["remove", "set"], A.Store.Changes);
        Assert.Equal(["set", "set"], [await A.PeekAsync("k"), await B.PeekStoreAsync("k")]);
        await A.Cache.ExpireAsync("k", Cancel);
        await ArrivedAsync();
        Assert.Null(await B.PeekStoreAsync("k"));
        var found = await B.Cache.TryGetAsync<string>("k", OrExpired, Cancel);
        Assert.Equal(("set", true), (found.Value, found.IsExpired));
    }

    [Theory]
    [InlineData("set")]
    [InlineData(null)]
    public async Task Set_StoreIsSlow_WaitsAllTheSame(string? value)
    {
        // What another node removed before it arrives would come back by it.
        await StoreOldAsync(Waiting);
        var gate = A.Store.BeforeChange = new Gate();

        var setting = A.Cache.SetAsync("k", value, new LarderEntryOptions { CacheNull = false, InvalidateInBackground = true }, cancellationToken: Cancel).AsTask();
        await gate.Reached;

        Assert.False(setting.IsCompleted);
        gate.Open();
        await setting;
        Assert.Equal(value, await B.PeekStoreAsync("k"));
    }

    [Theory]
    [MemberData(nameof(OfKeys))]
    public async Task Invalidate_OtherNodeSetsBeforeItArrives_NobodyReadsWhatWasThereBefore(Invalidation invalidation)
    {
        await StoreOldAsync(Waiting);
        var gate = A.Store.BeforeChange = new Gate();
        await A.Cache.InvalidateAsync(invalidation, "k");
        await gate.Reached;

        await B.Cache.SetAsync("k", "theirs", Waiting, cancellationToken: Cancel);
        await CatchUpAsync();
        var read = A.PeekAsync("k");
        gate.Open();

        // It costs a call of the origin.
        Assert.Null(await read);
        await ArrivedAsync();
        await CatchUpAsync();
        await AssertGoneAsync(invalidation);
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
    public async Task RemoveMany_OneKeyIsToBeWaitedFor_AllAre()
    {
        var gate = A.Store.BeforeChange = new Gate();

        var removal = A.Cache.RemoveAsync(["k", "wait"], Cancel).AsTask();
        await gate.Reached;

        Assert.False(removal.IsCompleted);
        gate.Open();
        await removal;
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
