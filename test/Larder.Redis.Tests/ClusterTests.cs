using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests;

/// <summary>A Redis Cluster, of one shard: caches work on it, and say what is not promised there.</summary>
public sealed class ClusterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UseRedis_OnACluster_WorksAndWarnsOnce()
    {
        await using var server = await RedisServer.StartAsync(new() { Arguments = ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-port", $"{FreePort.Next()}"] });
        await GiveAllSlotsAsync(server);
        var log = new RecordedLog();
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log));
        services.AddLarder().UseRedis(server.Configuration);
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<LarderCache>();

        await cache.SetManyAsync<int>([new("a", 1), new("b", 2), new("c", 3)], tags: ["t"], cancellationToken: Cancel);
        await cache.RemoveAsync("b", Cancel);
        var left = await cache.GetManyAsync<int>(["a", "b", "c"], cancellationToken: Cancel);
        await cache.RemoveByTagAsync("t", Cancel);

        Assert.Equal(["a", "c"], left.Keys.Order());
        Assert.Empty(await cache.GetManyAsync<int>(["a", "b", "c"], cancellationToken: Cancel));
        Assert.Contains("Redis Cluster", Assert.Single(log.Warnings));
    }

    private static async Task GiveAllSlotsAsync(RedisServer server)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true");
        var only = connection.GetServers()[0];
        await only.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await Eventually.TrueAsync(
            async () => ((string)(await only.ExecuteAsync("CLUSTER", "INFO"))!).Contains("cluster_state:ok", StringComparison.Ordinal), message: "the cluster serves all slots");
    }
}
