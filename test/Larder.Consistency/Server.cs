using Larder.Testing;
using StackExchange.Redis;

namespace Larder.Consistency;

/// <summary>The server that the nodes share, behind a proxy: what can be done to both.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly FaultyProxy? _proxy;
    private RedisServer _redis;

    private Server(RedisServer redis, bool withProxy)
    {
        _redis = redis;
        _proxy = withProxy ? new FaultyProxy(redis.Port) : null;
    }

    public string Configuration => _proxy?.Configuration ?? _redis.Configuration;

    private FaultyProxy Proxy => _proxy ?? throw new InvalidOperationException("Faults need the proxy.");

    /// <summary>Starts it; without faults the nodes are connected directly.</summary>
    public static async Task<Server> StartAsync(bool withFaults) => new(await RedisServer.StartAsync(), withFaults);

    public Task KillSubscriptionsAsync() => ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");

    public Task FlushAsync() => ExecuteAsync("FLUSHALL");

    public void Cut() => Proxy.Cut();

    public async Task StallAsync(TimeSpan time)
    {
        Proxy.Hold();
        await Task.Delay(time);
        Proxy.Release();
    }

    /// <summary>Killed, away, and back with what it had written to disk some time before.</summary>
    public async Task RestartWithOldSnapshotAsync()
    {
        await ExecuteAsync("SAVE");
        await Task.Delay(TimeSpan.FromSeconds(1));
        await _redis.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        await _redis.RestartAsync();
    }

    /// <summary>Killed, and replaced by a replica that was cut off a moment before: what the old one acknowledged since is lost.</summary>
    public async Task FailOverAsync()
    {
        // By command, not by argument: it must come back as a primary if it is restarted later.
        var replica = await RedisServer.StartAsync();
        await using (var connection = await ConnectAsync(replica))
        {
            var server = connection.GetServers()[0];
            await server.ExecuteAsync("REPLICAOF", "127.0.0.1", _redis.Port);
            await Eventually.TrueAsync(
                async () => (await server.InfoRawAsync("replication"))!.Contains("master_link_status:up", StringComparison.Ordinal));
            await server.ExecuteAsync("REPLICAOF", "NO", "ONE");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(500));
        var lost = _redis;
        await lost.KillAsync();
        _redis = replica;
        Proxy.TargetPort = replica.Port;
        Proxy.Cut();
        await lost.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(RedisServer redis) =>
        ConnectionMultiplexer.ConnectAsync($"{redis.Configuration},allowAdmin=true");

    private async Task ExecuteAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectAsync(_redis);
        await connection.GetServers()[0].ExecuteAsync(command, arguments);
    }
}
