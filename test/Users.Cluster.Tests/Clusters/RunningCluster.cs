using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Larder.Testing;
using Users.Web.Tests.Apps;

namespace Users.Cluster.Tests.Clusters;

/// <summary>A cluster that runs, and a browser without a window that looks at it.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    public const string Nothing = "No cached entry found";
    public const string FirstEmail = "amara.okafor@example.com";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ClusterProcess _cluster;
    private readonly HttpClient _http;

    private RunningCluster(ClusterProcess cluster, int port)
    {
        _cluster = cluster;
        // Each request on a connection of its own: none is spared because an old one is still open.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
        {
            BaseAddress = new Uri($"http://localhost:{port}"),
            Timeout = StartLimit,
        };
    }

    public ClusterProcess Process => _cluster;

    public Uri ControlPage => new(_http.BaseAddress!, "cluster");

    public static async Task<RunningCluster> StartAsync(params string[] arguments)
    {
        var port = FreePort.Next(following: 40); // those of its processes
        var cluster = new RunningCluster(ClusterProcess.Start(["--port", $"{port}", .. arguments]), port);
        try
        {
            await Eventually.TrueAsync(
                () => cluster._cluster.Output.Any(static line => line.StartsWith("Open http", StringComparison.Ordinal)), StartLimit);
            return cluster;
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(Environment.NewLine, [.. cluster._cluster.Output, .. cluster._cluster.Errors]));
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The users page, from whichever node's turn it is, or from the node at an address.</summary>
    public async Task<UsersPage> PageAsync(Uri? node = null, CancellationToken cancellationToken = default) =>
        new(await _http.GetStringAsync(node ?? new Uri("/", UriKind.Relative), cancellationToken));

    /// <summary>Presses a button of the users page, through the load balancer: the form goes to the next node.</summary>
    public async Task<UsersPage> PressAsync(string button)
    {
        using var answer = await PostAsync(button, (await PageAsync()).Token);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {text}");
        return new(text);
    }

    /// <summary>The list as JSON: where it came from.</summary>
    public async Task<string> SourceAsync() => (await _http.GetFromJsonAsync<JsonElement>("users")).GetProperty("source").GetString()!;

    /// <summary>Any request.</summary>
    public async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string? host = null)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Host = host } };
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>The processes, as the control page has them.</summary>
    public async Task<IReadOnlyList<Member>> MembersAsync()
    {
        var status = await _http.GetFromJsonAsync<JsonElement>("cluster?handler=Status");
        return status.GetProperty("processes").Deserialize<List<Member>>(JsonSerializerOptions.Web)!;
    }

    public async Task<Member> MemberAsync(string name) => (await MembersAsync()).Single(member => member.Name == name);

    /// <summary>Presses a process's button on the control page.</summary>
    public Task KillAsync(string name) => ControlAsync("Kill", name);

    /// <summary>Presses a process's button on the control page, and returns when it runs.</summary>
    public async Task StartAgainAsync(string name)
    {
        await ControlAsync("Start", name);
        await Eventually.TrueAsync(async () => (await MemberAsync(name)).State == "running", StartLimit);
    }

    /// <summary>Starts what is stopped, and returns when everything runs.</summary>
    public async Task MakeWholeAsync()
    {
        foreach (var stopped in (await MembersAsync()).Where(static member => member.State == "stopped"))
        {
            await ControlAsync("Start", stopped.Name);
        }

        await Eventually.TrueAsync(async () => (await MembersAsync()).All(static member => member.State == "running"), StartLimit);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cluster.DisposeAsync();
    }

    private async Task ControlAsync(string handler, string name)
    {
        var page = new UsersPage(await _http.GetStringAsync("cluster"));
        using var answer = await PostAsync($"cluster?handler={handler}&name={name}", page.Token);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string token)
    {
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
        return await _http.PostAsync(path, form);
    }
}

/// <summary>A process of the cluster.</summary>
internal sealed record Member(string Name, Uri Address, string State, int? ProcessId)
{
    /// <summary>Whether that process is gone.</summary>
    public bool HasEnded()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId!.Value);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
