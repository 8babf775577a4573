using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Larder.Testing;
using StackExchange.Redis;

namespace App.Serving;

/// <summary>A variant of the app in a process of its own, with a Redis server of its own.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private const string FirstEmail = "amara.okafor@example.com";
    private const string NothingCached = "No cached entry found";

    private readonly RedisServer _redis;
    private readonly ConnectionMultiplexer _connection;
    private readonly AppProcess _process;
    private readonly HttpClient _http;

    private Contender(Variant variant, RedisServer redis, ConnectionMultiplexer connection, AppProcess process, int port)
    {
        (Variant, _redis, _connection, _process) = (variant, redis, connection, process);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public Variant Variant { get; }

    /// <summary>Starts the servers.</summary>
    /// <param name="variant">Where the app has its users from.</param>
    /// <param name="keys">The directory of the keys that protect forms.</param>
    public static async Task<Contender> StartAsync(Variant variant, string keys)
    {
        var redis = await RedisServer.StartAsync();
        ConnectionMultiplexer? connection = null;
        try
        {
            connection = await ConnectionMultiplexer.ConnectAsync($"{redis.Configuration},allowAdmin=true");
            var port = FreePort.Next();
            return new(variant, redis, connection, await AppProcess.StartAsync(new(variant, port, redis.Configuration, keys)), port);
        }
        catch
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>The full address of a page.</summary>
    public Uri AddressOf(string path) => new(_http.BaseAddress!, path);

    /// <summary>Has the list cached, and makes sure that the app answers it.</summary>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public async Task CheckAsync()
    {
        foreach (var path in (string[])["/users", "/"])
        {
            var answer = await _http.GetStringAsync(path);
            if (!answer.Contains(FirstEmail, StringComparison.Ordinal) || answer.Contains(NothingCached, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{Variant} answered {path} without the users: {answer}");
            }
        }
    }

    /// <summary>What it has used so far.</summary>
    public async Task<Usage> UsageAsync()
    {
        var calls = (await _http.GetFromJsonAsync<JsonElement>("api/users/stats")).GetProperty("requests").GetInt64();
        return new(_process.ProcessorTime, await _process.AllocatedAsync(), await RedisCommandsAsync(), calls);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task<long> RedisCommandsAsync() => long.Parse(
        (await _connection.GetServers().Single().InfoAsync("stats")).SelectMany(static section => section)
            .Single(static pair => pair.Key == "total_commands_processed").Value,
        CultureInfo.InvariantCulture);
}

/// <summary>What a contender has used since its start.</summary>
/// <param name="Processor">Processor time of the app's process.</param>
/// <param name="Bytes">Bytes that it has allocated.</param>
/// <param name="RedisCommands">Commands that its Redis server has carried out.</param>
/// <param name="OriginCalls">Requests to the origin.</param>
internal readonly record struct Usage(TimeSpan Processor, long Bytes, long RedisCommands, long OriginCalls);
