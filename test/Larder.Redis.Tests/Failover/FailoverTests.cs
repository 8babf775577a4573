using Larder.Redis.Tests.Nodes;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Failover;

/// <summary>The server is not the one it was, and may have lost invalidations that it had acknowledged.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _open = [];
    private readonly string _directory = Directory.CreateTempSubdirectory("larder-failover-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var open in Enumerable.Reverse(_open))
        {
            await open.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Restart_WithASnapshotOfBeforeTheInvalidation_NobodyReadsWhatWasRemoved()
    {
        var redis = Open(await RedisServer.StartAsync(new() { Directory = _directory }));
        var (a, b) = (await NodeAsync(redis.Configuration), await NodeAsync(redis.Configuration));
        await a.Cache.SetAsync("k", "removed", tags: ["t"], cancellationToken: Cancel);
        await a.Cache.SetAsync("tagged", "removed", tags: ["t"], cancellationToken: Cancel);
        Assert.Equal("removed", await b.PeekAsync("k"));
        await SaveAsync(redis);
        await a.Cache.RemoveAsync("k", Cancel);
        await a.Cache.RemoveByTagAsync("t", Cancel);

        redis.Kill();
        await redis.RestartAsync();

        await AssertNeverAgainAsync([a, b], Task.WhenAll(a.TrustsItsL1Async(), b.TrustsItsL1Async()), "k", "tagged");
    }

    [Fact]
    public async Task Restart_NodesThatWereNotThereBefore_ReadNothingOfTheSnapshot()
    {
        var redis = Open(await RedisServer.StartAsync(new() { Directory = _directory }));
        var before = await NodeAsync(redis.Configuration);
        await before.Cache.SetAsync("k", "removed", cancellationToken: Cancel);
        await SaveAsync(redis);
        await before.Cache.RemoveAsync("k", Cancel);
        await before.DisposeAsync();

        redis.Kill();
        await redis.RestartAsync();

        Assert.Null(await (await NodeAsync(redis.Configuration)).PeekAsync("k"));
    }

    [Fact]
    public async Task Restart_Keep_EntriesStay()
    {
        var redis = Open(await RedisServer.StartAsync(new() { Directory = _directory, AppendOnly = true }));
        var node = await NodeAsync(redis.Configuration, AfterFailover.Keep);
        await node.Cache.SetAsync("k", "kept", cancellationToken: Cancel);
        await node.Cache.SetAsync("removed", "removed", tags: ["t"], cancellationToken: Cancel);
        await node.Cache.RemoveByTagAsync("t", Cancel);

        redis.Kill();
        await redis.RestartAsync();
        await node.TrustsItsL1Async();

        Assert.Equal("kept", await node.PeekStoreAsync("k"));
        Assert.Null(await node.PeekAsync("removed"));
    }

    [Fact]
    public async Task Restart_WithNothing_CachingBeginsAnew()
    {
        var redis = Open(await RedisServer.StartAsync());
        var node = await NodeAsync(redis.Configuration);
        await node.Cache.SetAsync("k", "gone", cancellationToken: Cancel);

        redis.Kill();
        await redis.RestartAsync();
        await node.TrustsItsL1Async();

        Assert.Equal("new", await node.GetAsync("k", "new"));
        Assert.Equal("new", await node.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Promotion_OfAReplicaThatLacksTheInvalidation_NobodyReadsWhatWasRemoved()
    {
        var primary = Open(await RedisServer.StartAsync());
        var replica = Open(await RedisServer.StartAsync(new() { Arguments = ["--replicaof", "127.0.0.1", $"{primary.Port}"] }));
        var both = $"{primary.Configuration},{replica.Configuration}";
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{replica.Configuration},allowAdmin=true");
        var (a, b) = (await NodeAsync(both), await NodeAsync(both));
        await a.Cache.SetAsync("k", "removed", cancellationToken: Cancel);
        Assert.Equal("removed", await b.PeekAsync("k"));
        await Eventually.TrueAsync(() => connection.GetDatabase().KeyExistsAsync("k", CommandFlags.PreferReplica), message: "it is replicated");

        // The replica takes over with what it has; the last that the primary acknowledges is lost with it.
        await connection.GetServers()[0].ExecuteAsync("REPLICAOF", "NO", "ONE");
        await a.Cache.RemoveAsync("k", Cancel);
        primary.Kill();

        // Nobody announces the promotion: how soon the nodes find the new primary is the client library's affair.
        await AssertNeverAgainAsync([a, b], Task.Delay(TimeSpan.FromSeconds(8), Cancel), "k");
        Assert.Null(await (await NodeAsync(replica.Configuration)).PeekAsync("k"));
        Assert.True(await connection.GetDatabase().KeyExistsAsync("k")); // it is there, and was not believed
    }

    // From the first moment on, through the reconnect.
    private static async Task AssertNeverAgainAsync(TestNode[] nodes, Task end, params string[] keys)
    {
        do
        {
            foreach (var (node, key) in nodes.SelectMany(_ => keys, (node, key) => (node, key)))
            {
                Assert.Null(await node.PeekAsync(key));
            }

            await Task.Delay(1, Cancel);
        }
        while (!end.IsCompleted);

        await end;
    }

    private static async Task SaveAsync(RedisServer redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis.Configuration},allowAdmin=true");
        await connection.GetServers()[0].ExecuteAsync("SAVE");
    }

    private async Task<TestNode> NodeAsync(string servers, AfterFailover afterFailover = AfterFailover.Invalidate)
    {
        var node = Open(new TestNode(servers, null, afterFailover));
        await node.TrustsItsL1Async();
        return node;
    }

    private T Open<T>(T opened)
        where T : IAsyncDisposable
    {
        _open.Add(opened);
        return opened;
    }
}
