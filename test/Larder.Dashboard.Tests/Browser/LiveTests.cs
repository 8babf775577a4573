using Larder.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>The live view.</summary>
public sealed class LiveTests(DashboardCluster cluster, Chromium chromium) : IClassFixture<DashboardCluster>, IClassFixture<Chromium>
{
    [Fact]
    public async Task Invalidation_WhileLooking_IsOneRowWithTheReceiptsOfAllNodes()
    {
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "live");
        await Expect(window.Page.GetByText("3 of 3 nodes answered").First).ToBeVisibleAsync();

        await cluster.Nodes[1].Cache.RemoveAsync("seen-by-all");

        var row = window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "seen-by-all" });
        await Expect(row).ToHaveCountAsync(1);
        await Expect(row).ToContainTextAsync("web-1");
        await Expect(row).ToContainTextAsync("web-3");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Pause_ThenGoOn_ShowsOnceWhatCameMeanwhile()
    {
        await using var paused = await chromium.OpenAsync();
        await using var other = await chromium.OpenAsync();
        await paused.ShowAsync(cluster.First, "live");
        await other.ShowAsync(cluster.First, "live");
        await cluster.First.Cache.RemoveAsync("before-the-pause");
        await Expect(RowOf(paused, "before-the-pause")).ToBeVisibleAsync();

        await paused.Button("Pause").ClickAsync();
        await cluster.First.Cache.RemoveAsync("while-paused");
        await Expect(RowOf(other, "while-paused")).ToBeVisibleAsync();
        await Expect(RowOf(paused, "while-paused")).ToHaveCountAsync(0);

        await paused.Button("Go on").ClickAsync();
        await Expect(RowOf(paused, "while-paused")).ToHaveCountAsync(1);
        await Expect(RowOf(paused, "before-the-pause")).ToHaveCountAsync(1);
        Assert.Empty(paused.Complaints);
    }

    [Fact]
    public async Task Filter_ByText_ShowsNothingElse()
    {
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "live");
        await cluster.First.Cache.RemoveAsync("another:1");
        await Expect(RowOf(window, "another:1")).ToBeVisibleAsync();

        await window.Page.GetByRole(AriaRole.Searchbox).FillAsync("wanted");
        await Expect(RowOf(window, "another")).ToHaveCountAsync(0);
        await cluster.First.Cache.RemoveAsync("another:2");
        await cluster.First.Cache.RemoveAsync("wanted:1");

        await Expect(RowOf(window, "wanted:1")).ToBeVisibleAsync();
        await Expect(RowOf(window, "another")).ToHaveCountAsync(0);
        Assert.Empty(window.Complaints);
    }

    private static ILocator RowOf(Window window, string key) => window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = key });
}
