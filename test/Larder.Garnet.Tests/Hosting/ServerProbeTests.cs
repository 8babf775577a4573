using System.Net;
using System.Net.Sockets;
using Larder.Garnet.Hosting;
using Larder.Testing;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Larder.Garnet.Tests.Hosting;

public sealed class ServerProbeTests
{
    [Fact]
    public async Task Ask_NothingListens_SaysFree() => Assert.Equal(AddressState.Free, (await AskAsync(FreePort.Next())).State);

    [Fact]
    public async Task Ask_Garnet_SaysSo()
    {
        await using var server = await EmbeddedServer.StartAsync(options => options.Password = "secret");
        Assert.True((await AskAsync(server.Port, "secret")).IsGarnet);
        Assert.Equal(AddressState.Refuses, (await AskAsync(server.Port, "wrong")).State);
        Assert.Equal(AddressState.Refuses, (await AskAsync(server.Port)).State);
    }

    [Fact]
    public async Task Ask_GarnetWithoutPassword_RefusesOne()
    {
        await using var server = await EmbeddedServer.StartAsync();
        Assert.Equal(AddressState.Refuses, (await AskAsync(server.Port, "secret")).State);
    }

    [Fact]
    public async Task Ask_Redis_ServesAndIsNoGarnet()
    {
        await using var server = await RedisServer.StartAsync(new() { Password = "secret" });
        var found = await AskAsync(server.Port, "secret");
        Assert.Equal((AddressState.Serves, false), (found.State, found.IsGarnet));
        Assert.Equal(AddressState.Refuses, (await AskAsync(server.Port, "wrong")).State);
        Assert.Equal(AddressState.Refuses, (await AskAsync(server.Port)).State);
    }

    [Fact]
    public async Task Ask_SilentListener_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, FreePort.Next());
        listener.Start();
        Assert.Equal(AddressState.Silent, (await AskAsync(((IPEndPoint)listener.LocalEndpoint).Port)).State);
    }

    [Fact]
    public async Task Ask_ListenerThatHangsUp_IsForeign()
    {
        using var listener = new TcpListener(IPAddress.Loopback, FreePort.Next());
        listener.Start();
        var answer = AskAsync(((IPEndPoint)listener.LocalEndpoint).Port);
        (await listener.AcceptTcpClientAsync()).Dispose();
        Assert.Equal(AddressState.Foreign, (await answer).State);
    }

    [Fact]
    public async Task Ask_WebServer_IsForeign()
    {
        var port = FreePort.Next();
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        await app.StartAsync();

        var found = await AskAsync(port);
        Assert.Equal(AddressState.Foreign, found.State);
        Assert.StartsWith("HTTP/1.1 400", found.Answer, StringComparison.Ordinal);
    }

    private static Task<ProbeResult> AskAsync(int port, string? password = null) =>
        ServerProbe.AskAsync(new IPEndPoint(IPAddress.Loopback, port), password, CancellationToken.None);
}
