using Larder.Redis.Tests.Nodes;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Sliding;

/// <summary>Sliding expiration over both levels: reads of L1 keep L2's copy alive, without a write at every read.</summary>
public abstract class SlidingTests(ServerKind kind) : NodesOnServer(kind)
{
    [Fact]
    public async Task GetOrCreate_SlidingEntryIsReadFromL1_ItsCopyInL2StaysAlive()
    {
        var (a, b) = (await StartNodeAsync(), await StartNodeAsync());
        var options = new LarderEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(4) };
        await a.Cache.SetAsync("k", "v", options);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
        var database = connection.GetDatabase();
        var writesBefore = await database.ExecuteAsync("HGET", "k", "ver");

        var levels = new List<CacheLevel>();
        for (var i = 0; i < 60; i++)
        {
            levels.Add((await a.Cache.TryGetAsync<string>("k")).Level);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        // A machine that stalls may distrust L1 for a moment, and read L2.
        Assert.DoesNotContain(CacheLevel.None, levels);
        Assert.InRange(levels.Count(level => level == CacheLevel.L1), 30, 60);
        Assert.Equal("v", await b.PeekAsync("k"));
        Assert.Equal((string?)writesBefore, (string?)await database.ExecuteAsync("HGET", "k", "ver"));
    }

    [Fact]
    public async Task GetOrCreate_SlidingEntryIsNotRead_ExpiresEverywhere()
    {
        var node = await StartNodeAsync();
        await node.Cache.SetAsync("k", "v", new LarderEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(1) });

        await Task.Delay(TimeSpan.FromSeconds(1.3), TestContext.Current.CancellationToken);

        Assert.Null(await node.PeekAsync("k"));
        Assert.Null(await node.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Refresh_SlidingEntryOfTheOtherNode_ItsCopyInL2StaysAlive()
    {
        var (a, b) = (await StartNodeAsync(), await StartNodeAsync());
        await a.Cache.SetAsync("k", "v", new LarderEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(10) });
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
        await connection.GetDatabase().KeyExpireAsync("k", TimeSpan.FromMinutes(1));

        await b.Cache.RefreshAsync("k");

        var left = await connection.GetDatabase().KeyTimeToLiveAsync("k");
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task GetOrCreate_SlidingEntryHasAnAbsoluteDeadline_ReadsDoNotKeepItBeyondThat()
    {
        var node = await StartNodeAsync();
        await node.Cache.SetAsync(
            "k", "v", new LarderEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(1), Expiration = TimeSpan.FromSeconds(2) });

        for (var i = 0; i < 25; i++)
        {
            await node.PeekAsync("k");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Null(await node.PeekAsync("k"));
        Assert.Null(await node.PeekStoreAsync("k"));
    }
}

/// <summary>On redis-server.</summary>
public sealed class SlidingTestsOnRedis() : SlidingTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class SlidingTestsOnGarnet() : SlidingTests(ServerKind.Garnet);
