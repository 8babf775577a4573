using Larder.Redis.Tests.Nodes;
using Xunit;

namespace Larder.Redis.Tests.Batches;

/// <summary>Many keys in one call, on two and three nodes.</summary>
public abstract class BatchTests(ServerKind kind) : TwoNodesOnServer(kind)
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 100).Select(i => $"k{i}")];

    [Fact]
    public async Task GetOrCreateMany_AllMissing_OneCallOfTheFactoryAndAllAreCachedEverywhere()
    {
        var calls = 0;

        var made = await LoadAsync(A, Keys, keys => { calls++; return keys; });

        Assert.Equal(1, calls);
        Assert.Equal(Keys.Order(), made.Keys.Order());
        Assert.All(Keys, key => Assert.Equal("made " + key, made[key]));
        Assert.Equal(100, (await A.Cache.GetManyAsync<string>(Keys)).Count);
        Assert.Equal(CacheLevel.L1, (await A.Cache.TryGetAsync<string>("k7")).Level);
        Assert.Equal(made, await LoadAsync(B, Keys, static _ => throw new InvalidOperationException("Not to be called.")));
    }

    [Fact]
    public async Task GetOrCreateMany_OfWhichSomeAreInL1AndSomeInL2_FactoryGetsTheRest()
    {
        await A.Cache.SetAsync("k0", "mine");
        await B.Cache.SetAsync("k1", "theirs");
        await CatchUpAsync();
        string[] asked = [];

        var got = await LoadAsync(A, ["k0", "k1", "k2", "k3", "k2"], keys => asked = [.. keys]);

        Assert.Equal(["k2", "k3"], asked);
        Assert.Equal(("mine", "theirs", "made k2", "made k3"), (got["k0"], got["k1"], got["k2"], got["k3"]));
    }

    [Fact]
    public async Task GetOrCreateMany_FactoryLeavesSomeOut_TheyAreNeitherCachedNorReturned()
    {
        var got = await LoadAsync(A, ["k0", "k1"], static keys => [.. keys.Where(static key => key == "k0")]);

        Assert.Equal(["k0"], got.Keys);
        Assert.Null(await A.PeekAsync("k1"));
        Assert.Equal("later", await B.GetAsync("k1", "later").WaitAsync(TimeSpan.FromSeconds(10), Cancel));
    }

    [Fact]
    public async Task GetOrCreateMany_ByThreeNodesAtOnce_OneCallOfTheFactoryInAll()
    {
        var c = await StartNodeAsync();
        var calls = 0;
        async Task<Dictionary<string, string>> GetAsync(TestNode node) => await node.Cache.GetOrCreateManyAsync(Keys, async (keys, cancel) =>
        {
            Interlocked.Increment(ref calls);
            await Task.Delay(200, cancel);
            return keys.ToDictionary(key => key, key => "made " + key);
        });

        var all = await Task.WhenAll(GetAsync(A), GetAsync(B), GetAsync(c));

        Assert.Equal(1, calls);
        Assert.All(all, one => Assert.Equal(100, one.Count));
    }

    [Fact]
    public async Task GetOrCreateMany_WhileASingleCallLoadsOneOfThem_EachKeyIsMadeOnce()
    {
        var gate = new Gate();
        var single = A.GetSlowlyAsync("k5", "single", gate);
        await gate.Reached;
        string[] asked = [];
        var batch = LoadAsync(A, Keys, keys => asked = [.. keys]);
        await Eventually.TrueAsync(() => asked.Length > 0, message: "the batch has asked its factory");

        gate.Open();

        Assert.Equal("single", (await batch)["k5"]);
        Assert.Equal("single", await single);
        Assert.Equal(99, asked.Length);
    }

    [Fact]
    public async Task GetOrCreate_WhileABatchLoadsItsKey_Joins()
    {
        var gate = new Gate();
        var batch = A.Cache.GetOrCreateManyAsync(Keys, async (keys, cancel) =>
        {
            await gate.PassAsync(cancel);
            return keys.ToDictionary(key => key, key => "made " + key);
        }).AsTask();
        await gate.Reached;

        var own = A.GetAsync("k3", "own");
        var other = B.GetAsync("k4", "own");
        gate.Open();

        Assert.Equal("made k3", await own);
        Assert.Equal("made k4", await other);
        Assert.Equal(100, (await batch).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetOrCreateMany_OneIsInvalidatedWhileTheFactoryRuns_ItAloneIsNotCached(bool byOther)
    {
        var gate = new Gate();
        var batch = A.Cache.GetOrCreateManyAsync(Keys, async (keys, cancel) =>
        {
            await gate.PassAsync(cancel);
            return keys.ToDictionary(key => key, _ => "old");
        }).AsTask();
        await gate.Reached;

        await (byOther ? B : A).Cache.RemoveAsync("k9");
        gate.Open();

        Assert.Equal("old", (await batch)["k9"]);
        Assert.Null(await A.PeekAsync("k9"));
        Assert.Null(await B.PeekAsync("k9"));
        Assert.Equal("old", await B.PeekAsync("k8"));
    }

    [Fact]
    public async Task GetOrCreateMany_OneIsInvalidatedWhileL2IsRead_OldValueIsNotKept()
    {
        await B.Cache.SetManyAsync(Keys.Select(key => KeyValuePair.Create(key, "old")));
        await CatchUpAsync();
        var gate = new Gate();
        A.Store.AfterRead = gate;
        var batch = LoadAsync(A, Keys, static _ => throw new InvalidOperationException("Not to be called."));
        await gate.Reached;

        await A.Cache.RemoveAsync("k9");
        gate.Open();
        await batch;

        Assert.Null(await A.PeekAsync("k9"));
    }

    [Fact]
    public async Task GetOrCreateMany_TagIsRemovedWhileTheFactoryRuns_NothingOfItIsServed()
    {
        var gate = new Gate();
        var batch = A.Cache.GetOrCreateManyAsync(
            Keys,
            async (keys, cancel) =>
            {
                await gate.PassAsync(cancel);
                return keys.ToDictionary(key => key, _ => "old");
            },
            tags: ["t"]).AsTask();
        await gate.Reached;

        await B.Cache.RemoveByTagAsync("t");
        gate.Open();
        await batch;

        await CatchUpAsync();
        Assert.Empty(await A.Cache.GetManyAsync<string>(Keys));
        Assert.Empty(await B.Cache.GetManyAsync<string>(Keys));
    }

    [Fact]
    public async Task GetOrCreateMany_FactoryFails_CallersGetItsExceptionAndNobodyIsBlocked()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => LoadAsync(A, Keys, static _ => throw new InvalidOperationException("The origin is away.")));

        Assert.Equal("The origin is away.", failure.Message);
        Assert.Equal(100, (await LoadAsync(B, Keys, static keys => keys).WaitAsync(TimeSpan.FromSeconds(10), Cancel)).Count);
    }

    [Fact]
    public async Task GetOrCreateMany_FactoryFailsAfterExpiry_ExpiredValuesWhereThereAreAny()
    {
        var failSafe = new LarderEntryOptions { FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) } };
        await A.Cache.SetManyAsync(Keys.Select(key => KeyValuePair.Create(key, "old")), failSafe);
        await CatchUpAsync();
        await B.Cache.ExpireAsync(Keys);
        await B.Cache.RemoveAsync("k1");
        await CatchUpAsync();

        Task<Dictionary<string, string>> GetAsync(IEnumerable<string> keys) => A.Cache.GetOrCreateManyAsync<string>(
            keys, static (_, _) => throw new InvalidOperationException("The origin is away."), failSafe).AsTask();

        Assert.Equal("old", (await GetAsync(["k2", "k3"]))["k2"]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => GetAsync(["k1"]));
    }

    [Fact]
    public async Task GetOrCreateMany_CallerLeaves_FactoryIsCancelledOnlyIfNobodyWaits()
    {
        var gate = new Gate();
        using var leaving = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource();
        var batch = A.Cache.GetOrCreateManyAsync<string>(
            ["k0", "k1"],
            async (keys, cancel) =>
            {
                cancel.Register(cancelled.SetResult);
                await gate.PassAsync(cancel);
                return keys.ToDictionary(key => key, key => "made " + key);
            },
            cancellationToken: leaving.Token).AsTask();
        await gate.Reached;
        using var staying = new CancellationTokenSource();
        var other = A.Cache.GetOrCreateAsync("k0", _ => ValueTask.FromResult("own"), cancellationToken: staying.Token).AsTask();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch);
        Assert.False(cancelled.Task.IsCompleted);
        await staying.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task GetOrCreateMany_IdsAndKeys_ResultsAreByIds()
    {
        var got = await A.Cache.GetOrCreateManyAsync(
            [1, 2, 3], static id => $"user:{id}", static (ids, _) => ValueTask.FromResult(ids.ToDictionary(id => id, id => $"user {id}")));

        Assert.Equal("user 2", got[2]);
        Assert.Equal("user 2", await B.PeekAsync("user:2"));
    }

    [Fact]
    public async Task SetMany_ReplacesCopiesOfOthers()
    {
        await A.Cache.SetManyAsync(Keys.Select(key => KeyValuePair.Create(key, "old")));
        await B.Cache.GetManyAsync<string>(Keys);

        await A.Cache.SetManyAsync(Keys.Select(key => KeyValuePair.Create(key, "new")));
        await CatchUpAsync();

        Assert.All(await A.Cache.GetManyAsync<string>(Keys), pair => Assert.Equal("new", pair.Value));
        Assert.All(await B.Cache.GetManyAsync<string>(Keys), pair => Assert.Equal("new", pair.Value));
    }

    [Fact]
    public async Task GetOrCreateMany_AllInL2_TwoRoundTripsAtMost()
    {
        await B.Cache.SetManyAsync(Keys.Select(key => KeyValuePair.Create(key, "value")), tags: ["t", "u", "v"]);
        await B.Cache.RemoveByTagAsync("another");
        var c = await StartNodeAsync();

        c.Store.RoundTrips = 0;
        await LoadAsync(c, Keys, static _ => throw new InvalidOperationException("Not to be called."));

        Assert.InRange(c.Store.RoundTrips, 1, 2);
    }

    [Fact]
    public async Task GetOrCreateMany_AllMissing_ThreeRoundTrips()
    {
        A.Store.RoundTrips = 0;

        await LoadAsync(A, Keys, static keys => keys);

        Assert.Equal(3, A.Store.RoundTrips); // read, leases, commit
    }

    [Fact]
    public async Task ColdNode_Reads100EntriesOf300Tags_102RoundTripsAtMostOneByOneAnd3ByBatch()
    {
        for (var i = 0; i < Keys.Length; i++)
        {
            await B.Cache.RemoveByTagAsync([$"a{i}", $"b{i}", $"c{i}"]);
            await B.Cache.SetAsync(Keys[i], "value", tags: [$"a{i}", $"b{i}", $"c{i}"]);
        }

        await B.Cache.RemoveByTagAsync("another");
        var (one, many) = (await StartNodeAsync(), await StartNodeAsync());
        (one.Store.RoundTrips, many.Store.RoundTrips) = (0, 0);

        foreach (var key in Keys)
        {
            Assert.Equal("value", await one.PeekAsync(key));
        }

        await LoadAsync(many, Keys, static _ => throw new InvalidOperationException("Not to be called."));

        Assert.InRange(one.Store.RoundTrips, 100, 102);
        Assert.InRange(many.Store.RoundTrips, 1, 3);
    }

    private async Task CatchUpAsync()
    {
        await A.CatchUpAsync();
        await B.CatchUpAsync();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<Dictionary<string, string>> LoadAsync(TestNode node, string[] keys, Func<IReadOnlyList<string>, IReadOnlyList<string>> choose) =>
        node.Cache.GetOrCreateManyAsync(
            keys, (missing, _) => ValueTask.FromResult(choose(missing).ToDictionary(key => key, key => "made " + key))).AsTask();
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class BatchTestsOnRedis() : BatchTests(ServerKind.Redis);

/// <summary>On embedded Garnet.</summary>
public sealed class BatchTestsOnGarnet() : BatchTests(ServerKind.Garnet);
