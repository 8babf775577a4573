using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Users.Web.Tests.Apps;

/// <summary>A running Users.Web, and a browser without a window that looks at it.</summary>
internal sealed class WebApp : IAsyncDisposable
{
    public const string Nothing = "No cached entry found";
    public const string FirstEmail = "amara.okafor@example.com";

    // Not in the home directory of whoever runs the tests.
    private static readonly string Keys = $"Users:DataProtectionKeys={Path.Combine(Path.GetTempPath(), "larder-users-tests-keys")}";

    private readonly AppProcess _process;
    private readonly HttpClient _http;

    private WebApp(AppProcess process)
    {
        _process = process;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies }) { BaseAddress = process.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address => _process.Address;

    public CookieContainer Cookies { get; } = new();

    /// <param name="settings">Its configuration, each as <c>Section:Name=value</c>.</param>
    public static async Task<WebApp> StartAsync(params string[] settings) => new(await AppProcess.StartAsync("Users.Web", [Keys, .. settings]));

    /// <summary>The page.</summary>
    public async Task<UsersPage> PageAsync() => new(await _http.GetStringAsync("/"));

    /// <summary>Presses a button of a page of this server, and returns the page that it leads to.</summary>
    /// <param name="button">The path that the button's form is posted to.</param>
    public async Task<UsersPage> PressAsync(string button) => await PressAsync(await PageAsync(), button);

    /// <summary>Posts a form of a page that any server has made.</summary>
    /// <param name="page">The page.</param>
    /// <param name="button">The path that the button's form is posted to.</param>
    public async Task<UsersPage> PressAsync(UsersPage page, string button)
    {
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", page.Token)]);
        using var answer = await _http.PostAsync(button, form);
        answer.EnsureSuccessStatusCode();
        return new(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The list as JSON: where it came from.</summary>
    public async Task<string> SourceAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>("users");
        Assert.Equal(FirstEmail, answer.GetProperty("data")[0].GetProperty("email").GetString());
        return answer.GetProperty("source").GetString()!;
    }

    /// <summary>Any request.</summary>
    public async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public void Suspend() => _process.Suspend();

    public void Resume() => _process.Resume();

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
