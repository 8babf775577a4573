using Larder.Redis.Tests.Nodes;
using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Callers that do not wait for the commit, across two nodes: the contract is the same.</summary>
public abstract class BackgroundCommitTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly LarderEntryOptions InBackground = new() { Expiration = Hour, CommitInBackground = true };

    [Fact]
    public async Task Get_CommitIsSlow_CallersHaveTheValueAndItIsCachedWhenTheCommitIsOver()
    {
        var gate = A.Store.BeforeCommit = new Gate();

        Assert.Equal("new", await GetAsync(A, InBackground));
        await gate.Reached;

        // Who comes now joins; nobody asks L2 or the origin.
        var before = A.Store.RoundTrips;
        Assert.Equal("new", await GetAsync(A, InBackground));
        Assert.Equal(before, A.Store.RoundTrips);
        Assert.Null(await B.PeekStoreAsync("k"));

        gate.Open();
        await LeasesHaveEndedAsync(1);
        Assert.Equal("new", await B.PeekStoreAsync("k"));
        await Eventually.TrueAsync(async () => (await A.Cache.TryGetAsync<string>("k", Cancel)).Level == CacheLevel.L1);
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_WithoutTheOption_WaitsForTheCommit()
    {
        var gate = A.Store.BeforeCommit = new Gate();

        var call = GetAsync(A, new LarderEntryOptions { Expiration = Hour });
        await gate.Reached;

        Assert.False(call.IsCompleted);
        gate.Open();
        Assert.Equal("new", await call);
        Assert.Equal("new", await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Get_OnTheOtherNodeBeforeTheCommit_WaitsForItsValue()
    {
        var gate = A.Store.BeforeCommit = new Gate();
        await GetAsync(A, InBackground);
        await gate.Reached;
        Origin.Value = "newer";

        var onB = GetAsync(B, InBackground);
        await Eventually.TrueAsync(() => B.Store.Leases > 0, message: "B has asked for the lease");
        gate.Open();

        Assert.Equal("new", await onB);
        Assert.Equal(1, Origin.Calls);
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedBeforeTheCommit_WhatWasMadeIsStoredNowhere(Invalidation invalidation, bool byOther)
    {
        Origin.Value = "old";
        var gate = A.Store.BeforeCommit = new Gate();
        var first = await A.Cache.GetOrCreateAsync(
            "k", Origin, static (origin, token) => origin.CallAsync(token), InBackground, [InvalidationKinds.Tag], Cancel);
        Assert.Equal("old", first);
        await gate.Reached;

        await InvalidateAsync(invalidation, byOther);

        // Not even before the commit is refused: nobody joins what was made before.
        Origin.Value = "new";
        var next = GetAsync(A, InBackground);
        gate.Open();
        Assert.Equal(invalidation.Leaves() ?? "new", await next);
        await LeasesHaveEndedAsync(1);
        await CatchUpAsync();
        foreach (var node in (TestNode[])[A, B])
        {
            Assert.Equal(invalidation.Leaves() ?? "new", await GetAsync(node, InBackground));
        }
    }

    [Fact]
    public async Task Get_CallerChangesWhatItGot_WhatIsCachedIsWhatWasMade()
    {
        var gate = A.Store.BeforeCommit = new Gate();
        var made = await A.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult(new List<int> { 1 }), InBackground, cancellationToken: Cancel);
        await gate.Reached;
        made.Add(2);
        var joined = await A.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult(new List<int>()), InBackground, cancellationToken: Cancel);

        gate.Open();
        await LeasesHaveEndedAsync(1);

        Assert.Equal([1], joined);
        Assert.Equal([1], (await B.Cache.TryGetAsync<List<int>>("k", Cancel)).Value);
        await Eventually.TrueAsync(async () => (await A.Cache.TryGetAsync<List<int>>("k", Cancel)).Level == CacheLevel.L1);
        Assert.Equal([1], (await A.Cache.TryGetAsync<List<int>>("k", Cancel)).Value);
    }

    [Fact]
    public async Task Set_WithTheOption_IsDoneWhenItReturns()
    {
        await A.Cache.SetAsync("k", "set", InBackground, cancellationToken: Cancel);

        Assert.Equal("set", await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task GetOrCreateMany_CommitIsSlow_CallerHasTheValuesAndTheyAreCachedWhenTheCommitIsOver()
    {
        await A.Cache.SetAsync("there", "old", cancellationToken: Cancel);
        var gate = A.Store.BeforeCommit = new Gate();

        var made = await EndsAsync(A.Cache.GetOrCreateManyAsync(
            ["there", "a", "b", "left out"],
            static (missing, _) => ValueTask.FromResult(missing.Where(static key => key.Length == 1).ToDictionary(static key => key, static _ => "new")),
            InBackground,
            cancellationToken: Cancel));
        await gate.Reached;

        Assert.Equal([("a", "new"), ("b", "new"), ("there", "old")], made.Select(static one => (one.Key, one.Value)).Order());
        Assert.Null(await B.PeekStoreAsync("a"));
        gate.Open();
        await Eventually.TrueAsync(async () => await B.PeekStoreAsync("a") == "new" && await B.PeekStoreAsync("b") == "new");
        await Eventually.TrueAsync(async () => (await A.Cache.TryGetAsync<string>("b", Cancel)).Level == CacheLevel.L1);
    }

    [Fact]
    public async Task Get_FactoryFails_CallerGetsItsException()
    {
        Origin.IsDown = true;

        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(A, InBackground));
    }
}

/// <summary>On redis-server.</summary>
public sealed class BackgroundCommitTestsOnRedis() : BackgroundCommitTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class BackgroundCommitTestsOnGarnet() : BackgroundCommitTests(ServerKind.Garnet);
