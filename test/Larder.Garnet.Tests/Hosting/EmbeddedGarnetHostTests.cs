using System.Net;
using System.Net.Sockets;
using Larder.Garnet.Hosting;
using Larder.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Xunit;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Larder.Garnet.Tests.Hosting;

public sealed class EmbeddedGarnetHostTests
{
    private readonly int _port = FreePort.Next();

    [Fact]
    public async Task Start_PortFree_Hosts()
    {
        using var app = await CacheApp.StartAsync(_port);
        Assert.True(IsHosting(app));
        await SetAsync("k", "v");
        Assert.Equal("v", await GetAsync("k"));
    }

    [Fact]
    public async Task Start_OfAWebApp_ServesBeforeItsWebServerDoes()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var probe = new ServerThatProbes(_port);
        builder.Services.AddSingleton<IServer>(probe);
        builder.Services.AddLarder().UseEmbeddedGarnet(_port);
        await using var app = builder.Build();

        await app.StartAsync();
        Assert.Equal(AddressState.Serves, probe.AtStart);
        await app.StopAsync();
        Assert.Equal(AddressState.Serves, probe.AtStop);
        Assert.Equal(AddressState.Free, await StateAsync());
    }

    [Fact]
    public async Task Start_WithPassword_IsAskedForByTheServer()
    {
        using var app = await CacheApp.StartAsync(_port, "Larder:Garnet:Password=se,cret");
        Assert.Equal(AddressState.Refuses, await StateAsync());
        Assert.Equal(AddressState.Serves, await StateAsync("se,cret"));
    }

    [Fact]
    public async Task Start_PortServedByAnotherApp_JoinsIt()
    {
        using var first = await CacheApp.StartAsync(_port);
        using var second = await CacheApp.StartAsync(_port);
        Assert.True(IsHosting(first));
        Assert.False(IsHosting(second));
    }

    [Fact]
    public async Task Start_PortServedByRedis_JoinsIt()
    {
        await using var redis = await RedisServer.StartAsync();
        using var app = await CacheApp.StartAsync(redis.Port);
        Assert.False(IsHosting(app));
    }

    [Fact]
    public async Task Start_ManyAppsAtTheSameInstant_OneHostsAndTheOthersJoin()
    {
        for (var round = 0; round < 3; round++)
        {
            var port = FreePort.Next();
            var apps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CacheApp.StartAsync(port))));
            Assert.Single(apps, IsHosting);
            foreach (var app in apps.OrderBy(IsHosting))
            {
                await app.StopAsync();
                app.Dispose();
            }
        }
    }

    [Fact]
    public async Task Start_TwoProcessesAtTheSameInstantWithOneDataDirectory_BothSucceed()
    {
        var directory = Directory.CreateTempSubdirectory("larder-test-").FullName;
        using (var first = TestApp.Start(_port, $"--Larder:Garnet:DataDirectory={directory}"))
        using (var second = TestApp.Start(_port, $"--Larder:Garnet:DataDirectory={directory}"))
        {
            await Task.WhenAll(first.Started, second.Started);
            Assert.Equal(AddressState.Serves, await StateAsync());
            await Task.WhenAll(first.StopAsync(), second.StopAsync());
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task HostKilled_WhileOthersAreJoined_OneTakesOver()
    {
        using var host = TestApp.Start(_port);
        await host.Started;
        var guests = new[] { await CacheApp.StartAsync(_port), await CacheApp.StartAsync(_port) };
        await using var client = await ConnectAsync();
        Assert.DoesNotContain(guests, IsHosting);

        host.Kill();
        await Eventually.TrueAsync(() => guests.Count(IsHosting) == 1, TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => client.IsConnected, TimeSpan.FromSeconds(5));
        await client.GetDatabase().StringSetAsync("k", "v");

        // And again: the one that is left takes over in its turn.
        var (second, third) = IsHosting(guests[0]) ? (guests[0], guests[1]) : (guests[1], guests[0]);
        await second.StopAsync();
        second.Dispose();
        await Eventually.TrueAsync(() => IsHosting(third), TimeSpan.FromSeconds(5));
        third.Dispose();
    }

    [Fact]
    public async Task HostStopped_WithOneDataDirectoryForBoth_TakesOverWithItsData()
    {
        var directory = Directory.CreateTempSubdirectory("larder-test-").FullName;
        using (var host = await CacheApp.StartAsync(_port, $"Larder:Garnet:DataDirectory={directory}"))
        using (var guest = await CacheApp.StartAsync(_port, $"Larder:Garnet:DataDirectory={directory}"))
        {
            await SetAsync("k", "v");
            await host.StopAsync();
            await Eventually.TrueAsync(() => IsHosting(guest), TimeSpan.FromSeconds(10));
            Assert.Equal("v", await GetAsync("k"));
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task RedisStopped_WhileJoined_IsNotReplaced()
    {
        await using var redis = await RedisServer.StartAsync();
        using var app = await CacheApp.StartAsync(redis.Port);
        redis.Stop();
        await Task.Delay(500);
        Assert.False(IsHosting(app));
        await redis.RestartAsync();
    }

    [Fact]
    public async Task PortTakenByAnother_WhileTakingOver_IsTriedAgain()
    {
        using var host = await CacheApp.StartAsync(_port);
        using var logs = new LogCollector();
        using var guest = CacheApp.Create([$"Larder:Garnet:Port={_port}"], logs);
        await guest.StartAsync();

        // Whoever is faster: the guest must end as the host, now or when the other has left the port.
        await host.StopAsync();
        if (await ListenAsync() is { } listener)
        {
            using (listener)
            {
                await Eventually.TrueAsync(() => logs.Lines.Any(line => line.Level == LogLevel.Warning), TimeSpan.FromSeconds(20));
            }
        }

        await Eventually.TrueAsync(() => IsHosting(guest), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Stop_OfTheHost_FreesThePort()
    {
        using var app = await CacheApp.StartAsync(_port);
        await app.StopAsync();
        Assert.Equal(AddressState.Free, await StateAsync());
    }

    [Fact]
    public async Task Stop_OfAGuest_LeavesTheHostAlone()
    {
        using var host = await CacheApp.StartAsync(_port);
        using var guest = await CacheApp.StartAsync(_port);
        await guest.StopAsync();
        Assert.Equal(AddressState.Serves, await StateAsync());
    }

    [Fact]
    public async Task Dispose_WithoutStop_FreesThePort()
    {
        var app = await CacheApp.StartAsync(_port);
        app.Dispose();
        Assert.Equal(AddressState.Free, await StateAsync());
    }

    [Fact]
    public async Task Start_PortTakenByASilentListener_NamesPortAndSetting()
    {
        using var listener = new TcpListener(IPAddress.Loopback, _port);
        listener.Start();
        var message = await FailureAsync();
        Assert.Equal(
            $"The embedded server can't use port {_port}: something accepts connections there and gives no answer (an app that is paused in a debugger, perhaps). "
            + "Stop what uses it, or set Larder:Garnet:Port to another port.",
            message);
    }

    [Fact]
    public async Task Start_PortTakenByAWebServer_NamesPortAndSetting()
    {
        await using var other = WebApplication.CreateSlimBuilder().Build();
        other.Urls.Add($"http://127.0.0.1:{_port}");
        await other.StartAsync();
        Assert.Equal(
            $"The embedded server can't use port {_port}: something that is no Redis-protocol server listens there (it answered 'HTTP/1.1 400 Bad Request'). "
            + "Stop what uses it, or set Larder:Garnet:Port to another port.",
            await FailureAsync());
    }

    [Theory]
    [InlineData(ServerKind.Redis)]
    [InlineData(ServerKind.Garnet)]
    public async Task Start_WrongPassword_NamesPortAndSettings(ServerKind kind)
    {
        await using ITestServer server = kind == ServerKind.Redis
            ? await RedisServer.StartAsync(new() { Password = "right" })
            : await EmbeddedServer.StartAsync(options => options.Password = "right");
        var wrong = await FailureAsync(server.Port, "Larder:Garnet:Password=wrong");
        Assert.StartsWith(
            $"The server at port {server.Port} (the setting Larder:Garnet:Port) refused the password of Larder:Garnet:Password ('WRONGPASS",
            wrong,
            StringComparison.Ordinal);
        var missing = await FailureAsync(server.Port);
        Assert.StartsWith(
            $"The server at port {server.Port} (the setting Larder:Garnet:Port) wants a password ('NOAUTH", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnusableDataDirectory_NamesTheSetting()
    {
        var file = Path.GetTempFileName();
        var message = await FailureAsync(_port, $"Larder:Garnet:DataDirectory={file}/data");
        File.Delete(file);
        Assert.StartsWith(
            $"The embedded server can't use the directory of the setting Larder:Garnet:DataDirectory, '{file}/data': ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DataDirectoryOfAServerAtAnotherPort_NamesTheSetting()
    {
        var directory = Directory.CreateTempSubdirectory("larder-test-").FullName;
        using (var other = await CacheApp.StartAsync(FreePort.Next(), $"Larder:Garnet:DataDirectory={directory}"))
        {
            var message = await FailureAsync(_port, $"Larder:Garnet:DataDirectory={directory}");
            Assert.Contains("the setting Larder:Garnet:DataDirectory", message, StringComparison.Ordinal);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task StartAndStop_Always_LogOneLineOfTheServer()
    {
        using var logs = new LogCollector();
        using (var app = CacheApp.Create([$"Larder:Garnet:Port={_port}"], logs))
        {
            await app.StartAsync();
            await Task.Delay(1_500); // a pulse of the cache
            await app.StopAsync();
        }

        Assert.DoesNotContain(logs.Lines, line => line.Level >= LogLevel.Warning);
        var line = Assert.Single(logs.Lines, line => line.Level == LogLevel.Information && line.Category.StartsWith("Larder.Garnet", StringComparison.Ordinal));
        Assert.Equal($"The embedded server listens at 127.0.0.1:{_port}.", line.Message);
    }

    private static bool IsHosting(IHost app) => app.Services.GetRequiredKeyedService<EmbeddedGarnetHost>("").IsHosting;

    private async Task<TcpListener?> ListenAsync()
    {
        var listener = new TcpListener(IPAddress.Loopback, _port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            await Task.Yield();
            return null;
        }
    }

    private Task<string> FailureAsync() => FailureAsync(_port);

    private static async Task<string> FailureAsync(int port, params string[] settings) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => CacheApp.StartAsync(port, settings))).Message;

    private async Task<AddressState> StateAsync(string? password = null) => await ProbeAsync(_port, password);

    private static async Task<AddressState> ProbeAsync(int port, string? password = null) =>
        (await ServerProbe.AskAsync(new IPEndPoint(IPAddress.Loopback, port), password, CancellationToken.None)).State;

    private Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_port}");

    private async Task SetAsync(string key, string value)
    {
        await using var client = await ConnectAsync();
        await client.GetDatabase().StringSetAsync(key, value);
    }

    private async Task<string?> GetAsync(string key)
    {
        await using var client = await ConnectAsync();
        return await client.GetDatabase().StringGetAsync(key);
    }

    /// <summary>Stands for Kestrel and looks at the port when it would begin to accept requests, and when it has drained them.</summary>
    private sealed class ServerThatProbes(int port) : IServer
    {
        public AddressState AtStart { get; private set; }

        public AddressState AtStop { get; private set; }

        public Microsoft.AspNetCore.Http.Features.IFeatureCollection Features { get; } = new Microsoft.AspNetCore.Http.Features.FeatureCollection();

        public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => AtStart = await ProbeAsync(port);

        public async Task StopAsync(CancellationToken cancellationToken) => AtStop = await ProbeAsync(port);

        public void Dispose()
        {
        }
    }
}
