using System.Net.Http.Json;
using System.Text.Json;

namespace Users.Web.Tests.Apps;

/// <summary>A running Users.Service.</summary>
internal sealed class OriginApp(AppProcess process) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = process.Address };

    /// <summary>The setting that makes a Users.Web ask this service.</summary>
    public string Setting => $"Users:Endpoint={new Uri(process.Address, "api/users")}";

    /// <param name="delay">How long each of its answers takes.</param>
    public static async Task<OriginApp> StartAsync(TimeSpan delay) =>
        new(await AppProcess.StartAsync("Users.Service", $"Users:Delay={delay}"));

    /// <summary>How often it was asked for the list.</summary>
    public async Task<int> RequestsAsync() =>
        (await _http.GetFromJsonAsync<JsonElement>("api/users/stats")).GetProperty("requests").GetInt32();

    public Task KillAsync() => process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await process.DisposeAsync();
    }
}
