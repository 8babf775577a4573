using System.Net;
using Larder.Testing;
using Larder.Testing.Browser;
using Users.Cluster.Tests.Clusters;

namespace Users.Cluster.Tests;

/// <summary>The page at <c>/cluster</c>.</summary>
[Collection(nameof(SharedCluster))]
public sealed class ControlPageTests(SharedCluster shared, Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private readonly RunningCluster _cluster = shared.Cluster;

    public async ValueTask DisposeAsync() => await _cluster.MakeWholeAsync();

    [Fact]
    public async Task Buttons_OfAProcess_KillItAndStartItAgain()
    {
        await using var window = await chromium.OpenAsync();
        await window.Page.GotoAsync(_cluster.ControlPage.ToString());

        await window.Button("Kill web1").ClickAsync();
        await window.Button("Start web1").WaitForAsync();
        Assert.Equal("stopped", (await _cluster.MemberAsync("web1")).State);

        await window.Button("Start web1").ClickAsync();
        await Eventually.TrueAsync(async () => (await _cluster.MemberAsync("web1")).State == "running", TimeSpan.FromSeconds(30));
        await window.Button("Kill web1").WaitForAsync();

        // A button leads to a new page, and may do so while the old one asks for the status.
        Assert.DoesNotContain(window.Complaints, static complaint => !complaint.EndsWith("net::ERR_ABORTED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_ThatIsOpen_ShowsWhatHappensElsewhere()
    {
        await using var window = await chromium.OpenAsync();
        await window.Page.GotoAsync(_cluster.ControlPage.ToString());
        var words = window.Page.Locator("[data-process=origin] .words");
        Assert.Equal("running", await words.InnerTextAsync());

        await _cluster.KillAsync("origin");
        await Eventually.TrueAsync(async () => await words.InnerTextAsync() == "stopped");
        Assert.Contains("origin was killed.", await window.Page.Locator("#journal").InnerTextAsync(), StringComparison.Ordinal);

        await _cluster.StartAgainAsync("origin");
        await Eventually.TrueAsync(async () => await words.InnerTextAsync() == "running");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Page_ByAForeignNameOrWithoutAToken_IsRefused()
    {
        Assert.Equal(HttpStatusCode.OK, await _cluster.SendAsync(HttpMethod.Get, "/cluster"));
        Assert.Equal(HttpStatusCode.Forbidden, await _cluster.SendAsync(HttpMethod.Get, "/cluster", host: "rebound.example"));
        Assert.Equal(HttpStatusCode.BadRequest, await _cluster.SendAsync(HttpMethod.Post, "/cluster?handler=Kill&name=web1"));
        Assert.Equal("running", (await _cluster.MemberAsync("web1")).State);
    }
}
