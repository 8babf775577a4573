using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Larder.Redis.Tests;

/// <summary>ASP.NET Core's session, which knows <c>IDistributedCache</c> only, on two app servers.</summary>
public sealed class SessionOnRedis : IDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("larder-session-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _keys.Delete(recursive: true);

    [Theory]
    [InlineData(ServerKind.Redis)]
    [InlineData(ServerKind.Garnet)]
    public async Task Session_OfOneBrowserOnTwoServers_IsOne(ServerKind kind)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var first = await StartAppAsync(server);
        await using var second = await StartAppAsync(server);
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() });
        using var another = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() });

        Assert.Equal("1", await browser.GetStringAsync(Url(first), Cancel));
        Assert.Equal("2", await browser.GetStringAsync(Url(first), Cancel));
        Assert.Equal("3", await browser.GetStringAsync(Url(second), Cancel));
        Assert.Equal("4", await browser.GetStringAsync(Url(first), Cancel));
        Assert.Equal("1", await another.GetStringAsync(Url(second), Cancel));
    }

    private static Uri Url(WebApplication app) => new($"http://localhost:{new Uri(app.Urls.First()).Port}/");

    private async Task<WebApplication> StartAppAsync(ITestServer server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddDataProtection().PersistKeysToFileSystem(_keys).SetApplicationName("app");
        builder.Services.AddLarder().UseRedis(server.Configuration);
        builder.Services.AddSession();
        var app = builder.Build();
        app.UseSession();
        app.MapGet("/", (HttpContext context) =>
        {
            var visits = (context.Session.GetInt32("visits") ?? 0) + 1;
            context.Session.SetInt32("visits", visits);
            return $"{visits}";
        });
        await app.StartAsync();
        return app;
    }
}
