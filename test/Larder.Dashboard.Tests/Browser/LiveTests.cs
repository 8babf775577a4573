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
    public async Task Pause_ThenGoOn_ShowsOnlyWhatHappensAfterwards()
    {
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "live");
        await Expect(window.Page.GetByText("3 of 3 nodes answered").First).ToBeVisibleAsync();

        await window.Button("Pause").ClickAsync();
        await cluster.First.Cache.RemoveAsync("while-paused");
        await window.Button("Go on").ClickAsync();
        await Expect(window.Page.GetByText("3 of 3 nodes answered").First).ToBeVisibleAsync();
        await cluster.First.Cache.RemoveAsync("after-the-pause");

        await Expect(window.Page.GetByText("after-the-pause")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("while-paused")).ToHaveCountAsync(0);
    }
}
