using System.Net;
using Larder.Dashboard.Tests.Apps;
using Larder.Dashboard.Tests.Browser;
using Larder.Testing.Browser;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.Hosting;

/// <summary>Behind nginx: under a path base that the app knows, and under a prefix that nginx takes off.</summary>
public sealed class NginxTests(Chromium chromium) : IClassFixture<Chromium>
{
    public static TheoryData<string, string> Ways => new()
    {
        { "/shop", "location /shop/ { proxy_pass http://127.0.0.1:{app}/shop/; }" },
        { "", "location /shop/ { proxy_pass http://127.0.0.1:{app}/; }" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Get_BehindNginx_EverythingIsRelative(string pathBase, string location)
    {
        await using var app = await StartAsync(pathBase);
        await using var nginx = await StartAsync(app, location);
        using var client = ClientOf(nginx);
        await app.Cache.SetAsync("a", 1);

        using var redirect = await client.GetAsync("shop/larder");
        var caches = await client.GetStringAsync("shop/larder/api/v1/caches");
        using var remove = new HttpRequestMessage(HttpMethod.Post, "shop/larder/api/v1/key/remove")
        {
            Content = DashboardApp.Json("""{"key":"a"}"""),
            Headers = { { "Origin", $"http://localhost:{nginx.Port}" } },
        };
        using var removed = await client.SendAsync(remove);

        Assert.Equal("/shop/larder/", new Uri(new Uri(client.BaseAddress!, "shop/larder"), redirect.Headers.GetValues("Location").Single()).AbsolutePath);
        Assert.StartsWith("{\"caches\"", caches, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.False((await app.Cache.TryGetAsync<int>("a")).Found);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Page_BehindNginx_ShowsItsViewsWithoutComplaint(string pathBase, string location)
    {
        await using var app = await StartAsync(pathBase);
        await using var nginx = await StartAsync(app, location);
        await using var window = await chromium.OpenAsync();

        await window.Page.GotoAsync($"http://localhost:{nginx.Port}/shop/larder");
        await window.ReadyAsync("overview");
        await window.Page.GotoAsync($"http://localhost:{nginx.Port}/shop/larder/#/configuration");
        await window.ReadyAsync("configuration");

        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Stream_BehindNginx_ComesAsItHappens()
    {
        await using var app = await StartAsync("/shop");
        await using var nginx = await StartAsync(app, "location / { proxy_pass http://127.0.0.1:{app}; }");
        using var client = ClientOf(nginx);

        await using var stream = await EventStream.OpenAsync(client, "shop/larder/api/v1/overview/live");

        // nginx would keep such small events for itself until its buffer is full.
        Assert.NotNull(await stream.NextAsync("overview").WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Get_BehindNginxWithoutAllowRemoteAccess_IsRefused()
    {
        await using var app = await DashboardApp.StartAsync();
        await using var nginx = await StartAsync(app, "location / { proxy_pass http://127.0.0.1:{app}; }");
        using var client = ClientOf(nginx);

        using var answer = await client.GetAsync("larder/");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static Task<NginxServer> StartAsync(DashboardApp app, string location) =>
        NginxServer.StartAsync(location.Replace("{app}", $"{app.Port}", StringComparison.Ordinal));

    private static HttpClient ClientOf(NginxServer nginx) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{nginx.Port}/") };

    private static Task<DashboardApp> StartAsync(string pathBase) =>
        DashboardApp.StartAsync("Development", static services => services.AddLarder(), app =>
        {
            app.UsePathBase(pathBase);
            app.UseRouting();
            app.MapLarderDashboard(configure: static options => options.AllowRemoteAccess = true);
        });
}
