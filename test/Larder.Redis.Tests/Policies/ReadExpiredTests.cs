using Larder.Testing.Policies;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Expired values for callers without a factory, across two nodes.</summary>
public abstract class ReadExpiredTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly LarderEntryOptions Kept = new()
    {
        Expiration = Hour,
        FailSafe = new FailSafeOptions { MaximumDuration = Hour, Throttle = 10 * Second },
    };

    private static readonly LarderEntryOptions Expired = new() { ReadExpired = true };

    [Fact]
    public async Task TryGet_ValueOfTheOtherNodeHasExpired_IsFoundInL2WhereItIsAskedFor()
    {
        await StoreExpiredAsync(Kept);
        var late = await StartAsync();

        var found = await late.Cache.TryGetAsync<string>("k", Expired, Cancel);

        Assert.Equal((CacheLevel.L2, true, "old", TimeSpan.Zero), (found.Level, found.IsExpired, found.Value, found.ExpiresIn));
        Assert.False((await late.Cache.TryGetAsync<string>("k", Cancel)).Found);
        Assert.Equal(CacheLevel.L2, (await A.Cache.TryGetAsync<string>("k", Expired, Cancel)).Level);
    }

    [Fact]
    public async Task TryGet_OriginHasFailedAndIsLeftAlone_IsFound()
    {
        await StoreExpiredAsync(Kept);
        Origin.IsDown = true;
        await GetAsync(A, Kept);

        foreach (var node in new[] { A, B })
        {
            Assert.Equal((true, "old"), (await node.Cache.TryGetAsync<string>("k", Expired, Cancel)) is var found ? (found.IsExpired, found.Value) : default);
            Assert.False((await node.Cache.TryGetAsync<string>("k", Cancel)).Found);
        }
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task TryGet_ExpiredAndThenInvalidated_OnlyWhatWasExpiredIsFound(Invalidation invalidation, bool byOther)
    {
        await StoreExpiredAsync(Kept);

        await InvalidateAsync(invalidation, byOther);

        var expected = invalidation == Invalidation.Expire ? "old" : invalidation.Leaves();
        Assert.Equal(expected, (await A.Cache.TryGetAsync<string>("k", Expired, Cancel)).Value);
        Assert.Equal(expected, (await B.Cache.TryGetAsync<string>("k", Expired, Cancel)).Value);
    }

    [Fact]
    public async Task TryGet_RemovedByTheOtherNodeWhoseMessageIsStillUnderWay_FindsNothing()
    {
        // L1 has the expired value; what L2 says counts.
        await StoreExpiredAsync(Kept);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
        Assert.True(await connection.GetDatabase().KeyDeleteAsync("k"));

        Assert.False((await A.Cache.TryGetAsync<string>("k", Expired, Cancel)).Found);
    }

    [Fact]
    public async Task GetMany_SomeHaveExpired_AreFoundByDefaultsThatSaySo()
    {
        var reader = StartDetachedNode(static options => options.DefaultEntryOptions = new() { ReadExpired = true });
        await reader.TrustsItsL1Async();
        await A.Cache.SetManyAsync([KeyValuePair.Create("a", 1), KeyValuePair.Create("b", 2), KeyValuePair.Create("c", 3)], Kept, cancellationToken: Cancel);
        await A.Cache.ExpireAsync("b", Cancel);
        await A.Cache.RemoveAsync("c", Cancel);

        var found = await reader.Cache.GetManyAsync<int>(["a", "b", "c", "d"], Cancel);

        Assert.Equal([("a", 1), ("b", 2)], found.Select(static one => (one.Key, one.Value)).Order());
        Assert.Equal(["a"], (await B.Cache.GetManyAsync<int>(["a", "b", "c", "d"], Cancel)).Keys);
    }
}

/// <summary>On redis-server.</summary>
public sealed class ReadExpiredTestsOnRedis() : ReadExpiredTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class ReadExpiredTestsOnGarnet() : ReadExpiredTests(ServerKind.Garnet);
