using System.Security.Cryptography;
using Larder.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.OutputCaching.Tests;

/// <summary>An app server with pages that tell which version of the data they were rendered from.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly HttpClient _browser;
    private int _renderings;

    private PageServer(WebApplication app, PageData data, RecordedLog log)
    {
        (_app, Data, Log) = (app, data, log);
        app.UseOutputCache();
        app.MapGet("/page", RenderAsync).CacheOutput(policy => policy.Tag("page").Expire(TimeSpan.FromMinutes(5)));
        app.MapGet("/refreshed", RenderAsync).CacheOutput(policy => policy.AddPolicy<WithoutLookup>());
        app.MapGet("/large", RenderLarge).CacheOutput();
        _browser = new HttpClient();

        // As behind a load balancer: the host is a part of a page's key.
        _browser.DefaultRequestHeaders.Host = "app.test";
    }

    /// <summary>What the pages show.</summary>
    public PageData Data { get; }

    public RecordedLog Log { get; }

    public LarderCache Cache => _app.Services.GetRequiredService<LarderCache>();

    public IOutputCacheStore Pages => _app.Services.GetRequiredService<IOutputCacheStore>();

    /// <summary>How many requests were not answered from the cache.</summary>
    public int Renderings => Volatile.Read(ref _renderings);

    public static async Task<PageServer> StartAsync(ITestServer? server, PageData data)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var log = new RecordedLog();
        builder.Logging.AddProvider(log);

        // The machine that runs the tests may stall, and no test here is about time-outs.
        var cache = builder.Services.AddLarder(options => options.StoreTimeout = Patience);
        if (server is not null)
        {
            cache.UseRedis(server.Configuration);
        }

        builder.Services.AddLarderOutputCache();
        var pages = new PageServer(builder.Build(), data, log);
        await pages._app.StartAsync();
        pages._browser.BaseAddress = new Uri(pages._app.Urls.First());
        if (server is not null)
        {
            await pages.TrustsItsL1Async();
        }

        return pages;
    }

    public Task TrustsItsL1Async() => Eventually.TrueAsync(
        () => Cache.Node.Trust.IsTrusted(Cache.Node.Clock.Now) && !Cache.Node.Line!.IsDown, Patience, "the server trusts its L1");

    public Task<string> GetAsync(string path) => _browser.GetStringAsync(new Uri(path, UriKind.Relative));

    public async Task<byte[]> GetHashAsync(string path) =>
        SHA256.HashData(await _browser.GetByteArrayAsync(new Uri(path, UriKind.Relative)));

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Log.Dispose();
    }

    private Task<string> RenderAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _renderings);
        return Data.ReadAsync(cancellationToken);
    }

    private IResult RenderLarge()
    {
        Interlocked.Increment(ref _renderings);
        return Results.Bytes(RandomNumberGenerator.GetBytes(300_000), "application/octet-stream");
    }

    /// <summary>Renders anew whatever is there, and stores that.</summary>
    private sealed class WithoutLookup : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.AllowCacheLookup = false;
            return default;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => default;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => default;
    }
}
