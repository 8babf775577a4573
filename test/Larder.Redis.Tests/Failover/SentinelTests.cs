using Larder.Redis.Tests.Nodes;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Failover;

/// <summary>A primary, its replica and three Sentinels, all of them real.</summary>
public sealed class SentinelTests : IAsyncLifetime
{
    private RedisServer _primary = null!;
    private RedisServer _replica = null!;
    private RedisSentinels? _sentinels;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _primary = await RedisServer.StartAsync();
        _replica = await RedisServer.StartAsync(new() { Arguments = ["--replicaof", "127.0.0.1", $"{_primary.Port}", "--repl-diskless-sync-delay", "0"] });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new IAsyncDisposable?[] { _sentinels, _replica, _primary })
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Failover_RemovalWasAcknowledgedAndLost_NobodyReadsWhatWasRemovedAndCachingGoesOn()
    {
        _sentinels = await RedisSentinels.StartAsync(_primary);
        await using var primary = await ConnectionMultiplexer.ConnectAsync($"{_primary.Configuration},allowAdmin=true");
        await using var replica = await ConnectionMultiplexer.ConnectAsync($"{_replica.Configuration},allowAdmin=true");
        await using var a = new TestNode(_sentinels.Configuration, null);
        await using var b = new TestNode(_sentinels.Configuration, null);
        await Task.WhenAll(a.TrustsItsL1Async(), b.TrustsItsL1Async());
        await a.Cache.SetAsync("k", "removed", tags: ["t"], cancellationToken: Cancel);
        await a.Cache.SetAsync("tagged", "removed", tags: ["t"], cancellationToken: Cancel);
        Assert.Equal("removed", await b.PeekAsync("k"));
        await Eventually.TrueAsync(() => replica.GetDatabase().KeyExistsAsync("tagged", CommandFlags.PreferReplica), message: "it is replicated");

        // The replica loses its connection, and is not let in again; what the primary acknowledges now dies with it.
        await primary.GetServers()[0].ExecuteAsync("CONFIG", "SET", "requirepass", "the replica does not know it");
        await primary.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", "replica");
        await a.Cache.RemoveAsync("k", Cancel);
        await a.Cache.RemoveByTagAsync("t", Cancel);
        var epochs = (a.Cache.Node.Trust.Epoch, b.Cache.Node.Trust.Epoch);
        _primary.Kill();

        var recovery = RecoverAsync(a, b, epochs);
        do
        {
            foreach (var node in new[] { a, b })
            {
                Assert.Null(await node.PeekAsync("k"));
                Assert.Null(await node.PeekAsync("tagged"));
            }

            await Task.Delay(1, Cancel);
        }
        while (!recovery.IsCompleted);

        await recovery;
        Assert.True(await replica.GetDatabase().KeyExistsAsync("tagged")); // it is there, and is not believed
        await a.Cache.SetAsync("k", "new", cancellationToken: Cancel);
        Assert.Equal("new", await b.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task WaitForReplicas_CallReturned_ReplicaHasIt()
    {
        await using var node = await WaitingNodeAsync();
        await using var replica = await ConnectionMultiplexer.ConnectAsync(_replica.Configuration);
        var database = replica.GetDatabase();
        for (var i = 0; i < 200; i++)
        {
            await node.Cache.SetAsync("k", $"{i}", cancellationToken: Cancel);
            Assert.Equal($"{i}", await database.HashGetAsync("k", "data", CommandFlags.PreferReplica));

            await node.Cache.RemoveAsync("k", Cancel);
            Assert.False(await database.KeyExistsAsync("k", CommandFlags.PreferReplica));

            await node.Cache.RemoveByTagAsync("t", Cancel);
            Assert.StartsWith($"{i + 1}:", await database.HashGetAsync("larder:tags", "tag:t", CommandFlags.PreferReplica), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WaitForReplicas_ReplicaIsFrozen_InvalidationsCountAllTheSame()
    {
        await using var node = await WaitingNodeAsync();
        await node.Cache.SetAsync("k", "removed", cancellationToken: Cancel);
        _replica.Suspend();

        await node.Cache.RemoveAsync("k", Cancel);

        Assert.Null(await node.PeekAsync("k"));
        Assert.Equal(0, node.Cache.Node.Undelivered.Count);
        _replica.Resume();
    }

    private static async Task RecoverAsync(TestNode a, TestNode b, (long A, long B) epochs)
    {
        await Eventually.TrueAsync(
            () => a.Cache.Node.Trust.Epoch != epochs.A && b.Cache.Node.Trust.Epoch != epochs.B, TimeSpan.FromSeconds(30), "the loss is noticed");

        // An election that fails is repeated, and the library looks for a new primary now and then only.
        await Task.WhenAll(a.TrustsItsL1Async(TimeSpan.FromMinutes(2)), b.TrustsItsL1Async(TimeSpan.FromMinutes(2)));
    }

    private async Task<TestNode> WaitingNodeAsync()
    {
        await using var replica = await ConnectionMultiplexer.ConnectAsync($"{_replica.Configuration},allowAdmin=true");
        await Eventually.TrueAsync(
            async () => (await replica.GetServers()[0].InfoRawAsync("replication"))!.Contains("master_link_status:up", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "the replica is in step");
        var node = new TestNode(new LarderRedisOptions { Configuration = _primary.Configuration, WaitForReplicas = 1 });
        await node.TrustsItsL1Async();
        return node;
    }
}
