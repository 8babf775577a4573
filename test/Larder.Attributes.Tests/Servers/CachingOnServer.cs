using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Attributes.Tests.Servers;

/// <summary>Two app servers with the same service, by attributes, on one real server.</summary>
public abstract class CachingOnServer(ServerKind kind) : IAsyncLifetime
{
    private readonly Dictionary<int, string> _rows = new() { [1] = "old" };
    private ITestServer _server = null!;
    private ServiceProvider _a = null!;
    private ServiceProvider _b = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(kind);
        (_a, _b) = (await StartAsync(), await StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in new[] { _a, _b })
        {
            if (node is not null)
            {
                await node.DisposeAsync();
            }
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Evicts_OnOneNode_OtherNodeReadsTheNewValue()
    {
        Assert.Equal("old", await ArticlesOf(_a).GetAsync(1, Cancel));
        Assert.Equal("old", await ArticlesOf(_b).GetAsync(1, Cancel));
        Assert.Equal(1, SourceOf(_a).Reads + SourceOf(_b).Reads);

        await ArticlesOf(_b).ChangeAsync(1, "new", Cancel);

        Assert.Equal("new", await ArticlesOf(_b).GetAsync(1, Cancel));
        await Eventually.TrueAsync(async () => await ArticlesOf(_a).GetAsync(1, Cancel) == "new", message: "the other node has heard of it");
    }

    [Fact]
    public async Task Evicts_WhileTheOtherNodesMethodRuns_WhatItReadIsStoredNowhere()
    {
        SourceOf(_a).AfterRead = new Gate();
        var reading = ArticlesOf(_a).GetAsync(1, Cancel);
        await SourceOf(_a).AfterRead!.Reached;

        await ArticlesOf(_b).ChangeAsync(1, "new", Cancel);
        SourceOf(_a).AfterRead!.Open();

        Assert.Equal("old", await reading); // it began before the change
        Assert.Equal("new", await ArticlesOf(_b).GetAsync(1, Cancel));
        await Eventually.TrueAsync(async () => await ArticlesOf(_a).GetAsync(1, Cancel) == "new", message: "the other node has heard of it");
    }

    private static IArticles ArticlesOf(ServiceProvider node) => node.GetRequiredService<IArticles>();

    private static Source SourceOf(ServiceProvider node) => node.GetRequiredService<Source>();

    private async Task<ServiceProvider> StartAsync()
    {
        var services = new ServiceCollection().AddSingleton(new Source(_rows));
        services.AddLarder(static options => options.StoreTimeout = TimeSpan.FromSeconds(20)).UseRedis(_server.Configuration);
        services.AddLarderCaching<IArticles, Articles>(ServiceLifetime.Scoped);
        var node = services.BuildServiceProvider();
        var cache = node.GetRequiredService<LarderCache>();
        await Eventually.TrueAsync(
            async () =>
            {
                await cache.SetAsync("probe", 1);
                return (await cache.TryGetAsync<int>("probe")).Level == CacheLevel.L1;
            },
            TimeSpan.FromSeconds(30),
            "the node uses its L1");
        return node;
    }

    internal interface IArticles
    {
        [Cached("articles:{id}", Tags = ["articles"])]
        Task<string> GetAsync(int id, CancellationToken cancel);

        [Evicts(Keys = ["articles:{id}"])]
        Task ChangeAsync(int id, string text, CancellationToken cancel);
    }

    internal sealed class Source(Dictionary<int, string> rows)
    {
        public int Reads { get; private set; }

        public Gate? AfterRead { get; set; }

        public async Task<string> ReadAsync(int id, CancellationToken cancel)
        {
            Reads++;
            string text;
            lock (rows)
            {
                text = rows[id];
            }

            if (AfterRead is { } gate)
            {
                await gate.PassAsync(cancel);
            }

            return text;
        }

        public void Write(int id, string text)
        {
            lock (rows)
            {
                rows[id] = text;
            }
        }
    }

    internal sealed class Articles(Source source) : IArticles
    {
        public Task<string> GetAsync(int id, CancellationToken cancel) => source.ReadAsync(id, cancel);

        public Task ChangeAsync(int id, string text, CancellationToken cancel)
        {
            source.Write(id, text);
            return Task.CompletedTask;
        }
    }
}

/// <summary>On redis-server.</summary>
public sealed class CachingOnRedis() : CachingOnServer(ServerKind.Redis);

/// <summary>On embedded Garnet.</summary>
public sealed class CachingOnGarnet() : CachingOnServer(ServerKind.Garnet);
