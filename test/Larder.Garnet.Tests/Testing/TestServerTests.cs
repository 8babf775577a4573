using Larder.Testing;
using StackExchange.Redis;
using Xunit;

namespace Larder.Garnet.Tests.Testing;

/// <summary>What every test server promises.</summary>
public abstract class TestServerTests(ServerKind kind) : IAsyncLifetime
{
    private ITestServer? _server;

    protected ITestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(kind);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Start_Always_Answers()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
        await client.GetDatabase().StringSetAsync("k", "v");
        Assert.Equal("v", await client.GetDatabase().StringGetAsync("k"));
    }

    [Fact]
    public async Task Kill_ThenRestart_IsEmptyAtTheSameAddress()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{Server.Configuration},allowAdmin=true");
        await client.GetDatabase().StringSetAsync("k", "v");
        var before = await RunIdAsync(client);

        await Server.KillAsync();
        await Eventually.TrueAsync(() => !client.IsConnected);
        await Server.RestartAsync();

        await Eventually.TrueAsync(() => client.IsConnected);
        Assert.False(await client.GetDatabase().KeyExistsAsync("k"));
        Assert.NotEqual(before, await RunIdAsync(client));
    }

    private static async Task<string> RunIdAsync(ConnectionMultiplexer client) =>
        (await client.GetServers()[0].InfoAsync("server")).SelectMany(section => section).Single(line => line.Key == "run_id").Value;
}

public sealed class RedisServerTests() : TestServerTests(ServerKind.Redis)
{
    [Fact]
    public async Task Suspend_ThenResume_AnswersLate()
    {
        var server = (RedisServer)Server;
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        server.Suspend();
        var ping = client.GetDatabase().PingAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => ping.WaitAsync(TimeSpan.FromMilliseconds(200)));
        server.Resume();
        await ping;
    }

    [Fact]
    public async Task Restart_WithAppendOnly_KeepsData()
    {
        await using var server = await RedisServer.StartAsync(new() { AppendOnly = true, Password = "secret" });
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{server.Configuration},password=secret");
        await client.GetDatabase().StringSetAsync("k", "v");
        server.Kill();
        await Eventually.TrueAsync(() => !client.IsConnected);
        await server.RestartAsync();
        await Eventually.TrueAsync(async () => await client.GetDatabase().StringGetAsync("k") == "v");
    }
}

public sealed class EmbeddedServerTests() : TestServerTests(ServerKind.Garnet);

public sealed class EmbeddedServerAtSocketTests() : TestServerTests(ServerKind.GarnetAtSocket);
