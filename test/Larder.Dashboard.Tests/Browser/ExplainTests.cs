using System.Text.RegularExpressions;
using Larder.Testing.Browser;
using Microsoft.Playwright;
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
            await KeepInL1Async(node, "shared");
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
        await KeepInL1Async(cluster.Third, "cut");
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "key?key=cut");
        try
        {
            await cluster.CutTheFeedOfTheThirdAsync();
            await cluster.First.Cache.SetAsync("cut", "new");

            // It still believes its L1, for as long as the contract allows; then it does not, and the page says either.
            await Expect(window.Sentence()).ToContainTextAsync(new Regex("web-3[^;]* serves a copy"), Within(10));
            await Expect(Row(window, "web-3")).ToContainTextAsync("not what L2 has");
            await Expect(window.Sentence()).ToContainTextAsync(new Regex("web-3[^;]* distrusts its L1"), Within(20));
            await Expect(Row(window, "web-3")).ToContainTextAsync("distrusted since");
            await Expect(window.Page.Locator(".value")).ToContainTextAsync("new");
        }
        finally
        {
            await cluster.MendAsync();
        }

        await Expect(Row(window, "web-3").GetByText("trusted", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Explain_WhileANodeIsCutOff_SaysThatItDoesNotAnswer()
    {
        await cluster.First.Cache.SetAsync("cut-off", "old");
        cluster.WayOfThird.Hold();
        try
        {
            await using var window = await chromium.OpenAsync();
            await window.ShowAsync(cluster.First, "key?key=cut-off");

            await Expect(window.Page.GetByText("2 of 3 nodes answered").First).ToBeVisibleAsync(new() { Timeout = 10_000 });
            await Expect(window.Sentence()).ToContainTextAsync(new Regex("web-3[^;]* does not answer"));
            await Expect(Row(window, "web-3")).ToContainTextAsync("no answer");
        }
        finally
        {
            await cluster.MendAsync();
        }
    }

    // A connection that was made anew is a reason to distrust what was read just before.
    private static Task KeepInL1Async(DashboardNode node, string key) => Eventually.TrueAsync(async () =>
        (await node.Cache.TryGetAsync<string>(key)).Found
        && (await node.Cache.ExplainAsync(key)) is { Local: not null, LocalMiss: MissReason.None });

    private static ILocator Row(Window window, string node) => window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = node });

    private static LocatorAssertionsToContainTextOptions Within(int seconds) => new() { Timeout = seconds * 1000 };
}
