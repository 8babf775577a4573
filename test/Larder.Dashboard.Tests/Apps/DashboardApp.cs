using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Tests.Apps;

/// <summary>An app with a cache and its dashboard, served by Kestrel on a loopback port.</summary>
internal sealed class DashboardApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardApp(WebApplication app, RecordedLog log)
    {
        _app = app;
        Log = log;
        Port = new Uri(app.Urls.First()).Port;
        // A browser does not follow a redirect unseen either; compression is asked for by those tests that mean it.
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{Port}/") };
    }

    public int Port { get; }

    public HttpClient Client { get; }

    public RecordedLog Log { get; }

    public IServiceProvider Services => _app.Services;

    public LarderCache Cache => Services.GetRequiredService<LarderCache>();

    /// <summary>Starts an app with a cache in memory and the dashboard at <c>/larder</c>, and nothing else.</summary>
    public static Task<DashboardApp> StartAsync(string environment = "Development", Action<LarderDashboardOptions>? configure = null) =>
        StartAsync(environment, static services => services.AddLarder(), app => app.MapLarderDashboard(configure: configure));

    /// <summary>Starts an app.</summary>
    /// <param name="environment">Its environment.</param>
    /// <param name="services">Adds its services, the cache included.</param>
    /// <param name="map">Sets its pipeline up, the dashboard included.</param>
    public static async Task<DashboardApp> StartAsync(string environment, Action<IServiceCollection> services, Action<WebApplication> map)
    {
        var log = new RecordedLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.AddProvider(log);
        builder.Services.AddRoutingCore();
        services(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new DashboardApp(app, log);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Posts JSON as the page does: from the same origin.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        SendAsync(HttpMethod.Post, path, Json(json), ("Sec-Fetch-Site", "same-origin"));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request);
    }

    public static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
