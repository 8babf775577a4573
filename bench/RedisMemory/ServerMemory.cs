using Larder.Testing;
using StackExchange.Redis;

namespace RedisMemory;

/// <summary>The memory of a server that holds nothing else.</summary>
internal static class ServerMemory
{
    /// <summary>The bytes by which a new server's <c>used_memory</c> grows.</summary>
    /// <param name="write">Writes the entries, and closes its connections to the server.</param>
    public static async Task<long> OfAsync(Func<string, Task> write)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis.Configuration},allowAdmin=true");
        var server = connection.GetServers().Single();
        var before = await UsedAsync(server);
        await write(redis.Configuration);

        // What belongs to connections that have just closed is freed by the server's timer.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        var written = await server.DatabaseSizeAsync();
        return written >= Load.Entries
            ? await UsedAsync(server) - before
            : throw new InvalidOperationException($"The server holds {written} keys; {Load.Entries} were to be written.");
    }

    private static async Task<long> UsedAsync(IServer server) =>
        long.Parse((await server.InfoAsync("memory")).SelectMany(section => section).Single(pair => pair.Key == "used_memory").Value, provider: null);
}
