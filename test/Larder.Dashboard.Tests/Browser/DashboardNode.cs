using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>An app server with a cache, the dashboard, and a page of its own that the cache serves.</summary>
internal sealed class DashboardNode : IAsyncDisposable
{
    /// <summary>Under it the node is found as well.</summary>
    public const string PathBase = "/shop";

    private readonly WebApplication _app;

    private DashboardNode(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
        Cache = app.Services.GetRequiredService<LarderCache>();
    }

    public Uri Address { get; }

    /// <summary>The dashboard's page.</summary>
    public Uri Dashboard => new(Address, "larder/");

    public LarderCache Cache { get; }

    /// <summary>Starts a node.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="store">The store's address.</param>
    /// <param name="configure">Sets options of the dashboard.</param>
    public static async Task<DashboardNode> StartAsync(string name, string store, Action<LarderDashboardOptions>? configure = null)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        builder.Services.AddLarder(options =>
        {
            options.NodeName = name;
            options.MaxStaleness = TimeSpan.FromSeconds(8);
            options.MaximumKeyLength = 70_000;
            // A browser and three nodes on a busy machine: slow is not down.
            options.StoreTimeout = TimeSpan.FromSeconds(10);
        }).UseRedis(store);

        var app = builder.Build();
        // An address with the base and one without lead to the same.
        app.UsePathBase(PathBase);
        app.UseRouting();
        app.MapLarderDashboard(configure: configure);
        app.MapGet("/page/{key}", (string key, HybridCache cache, CancellationToken cancel) => cache.GetOrCreateAsync(
            key, _ => ValueTask.FromResult($"{key} made by {name} as {Guid.NewGuid():N}"), cancellationToken: cancel));
        await app.StartAsync();
        return new DashboardNode(app, address);
    }

    /// <summary>The app's own page, as a visitor gets it.</summary>
    public async Task<string> PageAsync(string key)
    {
        using var client = new HttpClient { BaseAddress = Address };
        return await client.GetStringAsync($"page/{key}");
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
