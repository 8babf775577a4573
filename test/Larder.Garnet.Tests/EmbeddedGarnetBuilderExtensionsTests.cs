using System.Net;
using Larder.Garnet.Hosting;
using Larder.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Xunit;

namespace Larder.Garnet.Tests;

public sealed class EmbeddedGarnetBuilderExtensionsTests
{
    private readonly int _port = FreePort.Next();

    [Fact]
    public async Task Cache_OfTwoApps_IsOne()
    {
        using var first = await CacheApp.StartAsync(_port, "Larder:Garnet:Password=se,cret");
        using var second = await CacheApp.StartAsync(_port, "Larder:Garnet:Password=se,cret");
        Assert.Equal("from the first", await GetOrCreateAsync(first, "from the first"));
        Assert.Equal("from the first", await GetOrCreateAsync(second, "from the second"));

        await Cache(second).RemoveAsync("key");
        await Eventually.TrueAsync(async () => await GetOrCreateAsync(first, "anew") == "anew");
    }

    [Fact]
    public async Task Cache_WhenItsServerIsReplaced_WorksAgain()
    {
        using var host = TestApp.Start(_port);
        await host.Started;
        using var guest = await CacheApp.StartAsync(_port);
        Assert.Equal("before", await GetOrCreateAsync(guest, "before"));

        host.Kill();
        await Cache(guest).RemoveAsync("key");
        Assert.Equal("after", await GetOrCreateAsync(guest, "after"));

        await Eventually.TrueAsync(
            async () =>
            {
                await Cache(guest).SetAsync("key", "again");
                await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_port},connectTimeout=500");
                return (await client.GetDatabase().HashGetAsync("key", "data")).ToString().Contains("again", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Cache_WithoutAHost_StartsTheServer()
    {
        await using var services = new ServiceCollection().AddLogging().AddLarder().UseEmbeddedGarnet(_port).Services.BuildServiceProvider();
        await services.GetRequiredService<LarderCache>().SetAsync("key", "value");
        await Eventually.TrueAsync(async () => (await ServerProbe.AskAsync(new IPEndPoint(IPAddress.Loopback, _port), null, CancellationToken.None)).IsGarnet);
        await Eventually.TrueAsync(async () =>
        {
            await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_port}");
            await services.GetRequiredService<LarderCache>().SetAsync("key", "value");
            return await client.GetDatabase().HashExistsAsync("key", "data");
        });
    }

    [Fact]
    public async Task Cache_WithRedisSectionForAnotherEnvironment_UsesTheEmbeddedServer()
    {
        using var app = await CacheApp.StartAsync(_port, "Larder:Redis:Configuration=redis.example:6379");
        var options = app.Services.GetRequiredService<IOptionsMonitor<LarderRedisOptions>>().CurrentValue;
        Assert.Equal($"127.0.0.1:{_port}", EndPointCollection.ToString(Assert.Single(options.ConfigurationOptions!.EndPoints)));
    }

    [Fact]
    public async Task NamedCaches_WithOnePort_ShareTheServer()
    {
        var builder = Host.CreateApplicationBuilder([$"--Larder:a:Garnet:Port={_port}", $"--Larder:b:Garnet:Port={_port}"]);
        builder.Logging.ClearProviders();
        builder.Services.AddLarder("a").UseEmbeddedGarnet();
        builder.Services.AddLarder("b").UseEmbeddedGarnet();
        using var app = builder.Build();
        await app.StartAsync();

        var (a, b) = (app.Services.GetRequiredKeyedService<LarderCache>("a"), app.Services.GetRequiredKeyedService<LarderCache>("b"));
        await a.SetAsync("key", "a's");
        await b.SetAsync("key", "b's");
        Assert.Equal("a's", (await a.TryGetAsync<string>("key")).Value);
        await app.StopAsync();
    }

    [Fact]
    public void Options_SetInCode_CountWhateverTheConfigurationSays()
    {
        using var services = Services(builder => builder.UseEmbeddedGarnet(options => options.MemorySize = 32L << 20));
        var options = services.GetRequiredService<IOptions<EmbeddedGarnetOptions>>().Value;
        Assert.Equal(
            (21_000, "/run/larder.sock", "secret", 32L << 20, null),
            (options.Port, options.UnixSocket, options.Password, options.MemorySize, options.DataDirectory));
    }

    [Fact]
    public void Port_GivenInCode_CountsWhateverTheConfigurationSays()
    {
        using var services = Services(builder => builder.UseEmbeddedGarnet(options => options.UnixSocket = "larder.sock").UseEmbeddedGarnet(port: 22_000));
        var options = services.GetRequiredService<IOptions<EmbeddedGarnetOptions>>().Value;
        Assert.Equal((22_000, null), (options.Port, options.UnixSocket));
    }

    [Fact]
    public void Options_Defaults_AreThoseDocumented()
    {
        var options = new EmbeddedGarnetOptions();
        Assert.Equal((5002, null, null, null, 64L << 20), (options.Port, options.UnixSocket, options.Password, options.DataDirectory, options.MemorySize));
    }

    private static ServiceProvider Services(Action<ILarderBuilder> use)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Larder:Garnet:Port"] = "21000",
            ["Larder:Garnet:UnixSocket"] = "/run/larder.sock",
            ["Larder:Garnet:Password"] = "secret",
            ["Larder:Garnet:MemorySize"] = "16777216",
        }).Build());
        use(services.AddLogging().AddLarder());
        return services.BuildServiceProvider();
    }

    private static LarderCache Cache(IHost app) => app.Services.GetRequiredService<LarderCache>();

    private static async Task<string> GetOrCreateAsync(IHost app, string value) =>
        await Cache(app).GetOrCreateAsync("key", value, static (value, _) => ValueTask.FromResult(value));
}
