using Larder.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>What the dashboard does to the cache, as visitors of the other nodes see it.</summary>
public sealed class ActionTests(DashboardCluster cluster, Chromium chromium) : IClassFixture<DashboardCluster>, IClassFixture<Chromium>
{
    [Fact]
    public async Task Remove_OnOneNode_ChangesThePageThatTheOthersServe()
    {
        const string Key = "remove-me";
        var before = await ServedByAllAsync(Key);
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, $"key?key={Key}");

        await window.Button("Remove…").ClickAsync();
        await window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(window.Page.Locator(".outcome")).ToContainTextAsync("Removed");

        await Expect(window.Page.GetByText("There is none, in L2 or in this node's L1.")).ToBeVisibleAsync();

        await AllServeAnotherAsync(Key, before);
        await Expect(window.Page.Locator(".value")).ToContainTextAsync("made by web-");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Remove_Cancelled_RemovesNothing()
    {
        const string Key = "keep-me";
        var before = await ServedByAllAsync(Key);
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, $"key?key={Key}");

        await window.Button("Remove…").ClickAsync();
        await window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.All(cluster.Nodes, node => Assert.Equal(before, node.PageAsync(Key).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task Clear_OnOneNode_ChangesThePageThatTheOthersServe()
    {
        const string Key = "clear-me";
        var before = await ServedByAllAsync(Key);
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "tags?tag=*");

        await window.Button("Clear…").ClickAsync();
        await window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();

        await AllServeAnotherAsync(Key, before);
        await Expect(window.Page.GetByRole(AriaRole.Rowheader, new() { Name = "Clear: every entry" }).First).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Invalidate_ATag_SaysBeforeHowManyEntriesItHits()
    {
        for (var i = 0; i < 7; i++)
        {
            await cluster.First.Cache.SetAsync($"team:{i}", i, tags: ["seven"]);
        }

        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "tags?tag=seven");
        await Expect(window.Page.Locator(".reach")).ToContainTextAsync("7 entries carry it.");

        await window.Button("Invalidate…").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("7 entries carry it.");
        await window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Invalidate" }).ClickAsync();

        await Expect(window.Page.Locator(".reach")).ToContainTextAsync("0 entries");
        Assert.False((await cluster.Third.Cache.TryGetAsync<int>("team:3")).Found);
    }

    [Fact]
    public async Task Page_OfWhoMayNotInvalidateOrSeeValues_OffersNeither()
    {
        await cluster.First.Cache.SetAsync("secret", "hush");
        await using var node = await DashboardNode.StartAsync("web-4", cluster.Store, options =>
        {
            options.Invalidate = false;
            options.ViewValues = false;
        });
        await using var window = await chromium.OpenAsync();

        await window.ShowAsync(node, "key?key=secret");

        await Expect(window.Button("Remove…")).ToHaveCountAsync(0);
        await Expect(window.Page.GetByText("Values are hidden here")).ToBeVisibleAsync();
        Assert.DoesNotContain("hush", await window.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(window.Complaints);
    }

    private async Task<string> ServedByAllAsync(string key)
    {
        var served = await cluster.First.PageAsync(key);
        await Eventually.TrueAsync(async () =>
        {
            var all = await Task.WhenAll(cluster.Nodes.Select(node => node.PageAsync(key)));
            return all.All(each => each == served);
        });
        return served;
    }

    private async Task AllServeAnotherAsync(string key, string before)
    {
        await Eventually.TrueAsync(async () =>
        {
            var all = await Task.WhenAll(cluster.Nodes.Select(node => node.PageAsync(key)));
            return all.All(each => each != before);
        });
    }
}
