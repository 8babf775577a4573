using Larder.Testing;
using Users.Web.Tests.Apps;

namespace Users.Web.Tests;

/// <summary>Many requests for a list that is not cached.</summary>
public sealed class StampedeTests
{
    private const int Requests = 200;

    [Theory]
    [InlineData("Memory")]
    [InlineData("EmbeddedGarnet")]
    public async Task List_RequestedManyTimesAtOnceOnOneServer_CallsTheOriginOnce(string store)
    {
        await using var origin = await OriginApp.StartAsync(TimeSpan.FromSeconds(1));
        await using var app = await WebApp.StartAsync(origin.Setting, $"Larder:Store={store}", $"Larder:Garnet:Port={FreePort.Next()}");

        await RequestAtOnceAsync(app);

        Assert.Equal(1, await origin.RequestsAsync());
    }

    [Fact]
    public async Task List_RequestedManyTimesAtOnceOnTwoServersOnRedis_CallsTheOriginOnce()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var origin = await OriginApp.StartAsync(TimeSpan.FromSeconds(1));
        string[] settings = [origin.Setting, "Larder:Store=Redis", $"ConnectionStrings:Redis={redis.Configuration}"];
        await using var first = await WebApp.StartAsync([.. settings, "Larder:NodeName=first"]);
        await using var second = await WebApp.StartAsync([.. settings, "Larder:NodeName=second"]);

        await RequestAtOnceAsync(first, second);

        Assert.Equal(1, await origin.RequestsAsync());
    }

    [Fact]
    public async Task List_RequestedManyTimesAtOnceOnTwoServersOnOneEmbeddedGarnet_CallsTheOriginOnce()
    {
        await using var origin = await OriginApp.StartAsync(TimeSpan.FromSeconds(1));
        string[] settings = [origin.Setting, "Larder:Store=EmbeddedGarnet", $"Larder:Garnet:Port={FreePort.Next()}"];
        await using var first = await WebApp.StartAsync([.. settings, "Larder:NodeName=first"]);
        await using var second = await WebApp.StartAsync([.. settings, "Larder:NodeName=second"]);

        await RequestAtOnceAsync(first, second);

        Assert.Equal(1, await origin.RequestsAsync());
    }

    private static async Task RequestAtOnceAsync(params WebApp[] apps)
    {
        // The first request of a process compiles what it runs: let that not spread the others out.
        await Task.WhenAll(apps.Select(app => app.PageAsync()));

        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = Enumerable.Range(0, Requests).Select(async number =>
        {
            await start.Task;
            return await apps[number % apps.Length].SourceAsync();
        }).ToList();
        start.SetResult();

        var sources = await Task.WhenAll(requests);
        Assert.Single(sources, "Origin");
    }
}
