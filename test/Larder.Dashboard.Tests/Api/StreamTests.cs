using System.Net;
using System.Text.Json;
using Larder.Dashboard.Tests.Apps;

namespace Larder.Dashboard.Tests.Api;

public sealed class StreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task OverviewLive_WhileSomebodyWatches_CountsEachInterval()
    {
        await using var app = await DashboardApp.StartAsync();
        await using var stream = await EventStream.OpenAsync(app.Client, "larder/api/v1/overview/live");

        var first = await NextAsync(stream, "overview");
        await app.Cache.SetAsync("a", 1);
        for (var i = 0; i < 100; i++)
        {
            await app.Cache.TryGetAsync<int>("a");
        }

        long hits = 0;
        while (hits < 100)
        {
            hits += (await NextAsync(stream, "overview")).GetProperty("interval").GetProperty("totals").GetProperty("l1Hits").GetInt64();
        }

        Assert.False(first.TryGetProperty("interval", out _));
        Assert.Equal(100, hits);
    }

    [Fact]
    public async Task Events_AfterAnInvalidation_TellIt()
    {
        await using var app = await DashboardApp.StartAsync();
        await using var stream = await EventStream.OpenAsync(app.Client, "larder/api/v1/events?kinds=remove&text=ME");
        await NextAsync(stream, "sampling");

        await app.Cache.SetAsync("other", 1);
        await app.Cache.RemoveAsync("other");
        await app.Cache.RemoveAsync("remove-me");
        var happened = await NextAsync(stream, "event");

        Assert.Equal("remove", happened.GetProperty("kind").GetString());
        Assert.Equal("remove-me", happened.GetProperty("subject").GetString());
        Assert.Equal(app.Cache.NodeId, happened.GetProperty("node").GetString());
    }

    [Fact]
    public async Task Events_AnUnknownKind_IsRefusedByName()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync("larder/api/v1/events?kinds=hit,7");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'7'", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_MoreThanThereMayBe_IsRefusedUntilOneCloses()
    {
        await using var app = await DashboardApp.StartAsync();
        var streams = new List<EventStream>();
        for (var i = 0; i < 32; i++)
        {
            streams.Add(await EventStream.OpenAsync(app.Client, "larder/api/v1/overview/live"));
        }

        using var refused = await app.GetAsync("larder/api/v1/overview/live");
        await streams[0].DisposeAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await app.Client.GetAsync("larder/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
            return answer.IsSuccessStatusCode;
        });
        foreach (var stream in streams.Skip(1))
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task Stop_WhileSomebodyWatches_EndsTheStream()
    {
        var app = await DashboardApp.StartAsync();
        await using var stream = await EventStream.OpenAsync(app.Client, "larder/api/v1/overview/live");
        await NextAsync(stream, "overview");

        // Without the end of the app the stream would go on for the 30 seconds that the server waits for its requests.
        var stopped = app.StopAsync();
        while (await stream.NextAsync("overview").WaitAsync(Limit) is not null)
        {
        }

        await stopped.WaitAsync(Limit);
        await app.DisposeAsync();
    }

    private static async Task<JsonElement> NextAsync(EventStream stream, string type) =>
        JsonDocument.Parse(await stream.NextAsync(type).WaitAsync(Limit) ?? throw new InvalidOperationException("The stream has ended.")).RootElement;
}
