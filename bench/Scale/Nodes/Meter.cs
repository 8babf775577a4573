using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Scale.Nodes;

/// <summary>Reads a server's counts, on a connection of its own.</summary>
internal sealed class Meter : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly IServer _server;

    private Meter(ConnectionMultiplexer connection) => (_connection, _server) = (connection, connection.GetServers().Single());

    public static async Task<Meter> StartAsync(string server) => new(await ConnectionMultiplexer.ConnectAsync($"{server},allowAdmin=true"));

    /// <summary>What the server does during an action, a second of it and in all.</summary>
    public async Task<(Traffic Traffic, double Seconds)> MeasureAsync(Func<Task> action)
    {
        // A reading counts itself, the next time.
        var former = await ReadAsync();
        var before = await ReadAsync();
        var start = Stopwatch.GetTimestamp();
        await action();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (await ReadAsync() - before - (before - former), seconds);
    }

    /// <summary>How many listen to a channel.</summary>
    public Task<long> ListenersAsync(string channel) => _server.SubscriptionSubscriberCountAsync(RedisChannel.Literal(channel));

    /// <summary>What an entry takes there, in bytes.</summary>
    public async Task<long> BytesAsync(string key) => (long)await _connection.GetDatabase().ExecuteAsync("MEMORY", "USAGE", key, "SAMPLES", "0");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<Traffic> ReadAsync()
    {
        var counts = (await _server.InfoAsync("everything")).SelectMany(static section => section)
            .DistinctBy(static pair => pair.Key).ToDictionary(static pair => pair.Key, static pair => pair.Value);
        return new(
            Number(counts["total_commands_processed"]), Calls("evalsha") + Calls("eval"), Calls("publish"), Number(counts["total_net_output_bytes"]));

        double Calls(string command) => counts.TryGetValue("cmdstat_" + command, out var text) ? Number(text.Split(',')[0].Split('=')[1]) : 0;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
