using Larder.Testing.Browser;
using static Microsoft.Playwright.Assertions;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>The key's view tells which node is behind, and why.</summary>
public sealed class ExplainTests(DashboardCluster cluster, Chromium chromium) : IClassFixture<DashboardCluster>, IClassFixture<Chromium>
{
    [Fact]
    public async Task Explain_AKeyThatAllNodesHave_SaysSo()
    {
        await cluster.First.Cache.SetAsync("shared", "one");
        foreach (var node in cluster.Nodes)
        {
            await Eventually.TrueAsync(async () => (await node.Cache.TryGetAsync<string>("shared")).Found);
        }

        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "key?key=shared");

        await Expect(window.Page.GetByText("3 of 3 nodes answered").First).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("served from L1")).ToHaveCountAsync(3);
        await Expect(window.Page.Locator(".value")).ToContainTextAsync("one");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Explain_WhileANodesSubscriptionIsCut_NamesTheNodeThatIsBehind()
    {
        await cluster.First.Cache.SetAsync("cut", "old");
        await Eventually.TrueAsync(async () => (await cluster.Third.Cache.TryGetAsync<string>("cut")).Found);

        cluster.WayOfThird.Hold();
        try
        {
            await cluster.First.Cache.SetAsync("cut", "new");
            await using var window = await chromium.OpenAsync();
            await window.ShowAsync(cluster.First, "key?key=cut");

            await Expect(window.Page.GetByText("2 of 3 nodes answered").First).ToBeVisibleAsync();
            await Expect(window.Sentence()).ToContainTextAsync("web-3");
        }
        finally
        {
            cluster.WayOfThird.Release();
        }
    }
}
