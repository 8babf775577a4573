using Larder.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>Keys, values and tags come from anywhere: the page shows them as they are, and does nothing that they say.</summary>
public sealed class HostileTests(DashboardCluster cluster, Chromium chromium) : IClassFixture<DashboardCluster>, IClassFixture<Chromium>
{
    private const string Markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

    [Theory]
    [InlineData("keys?pattern=*script*")]
    [InlineData("key")]
    [InlineData("tags")]
    public async Task Markup_InKeysValuesAndTags_IsShownAsText(string view)
    {
        await cluster.First.Cache.SetAsync(Markup, Markup, tags: [Markup]);
        await cluster.First.Cache.RemoveByTagAsync($"{Markup}{view}");
        await using var window = await chromium.OpenAsync();

        await window.ShowAsync(cluster.First, view == "key" ? $"key?key={Uri.EscapeDataString(Markup)}" : view);

        await Expect(window.Page.GetByText("onerror=").First).ToBeVisibleAsync();
        Assert.Equal(0, await window.Page.Locator("img[src=x], main script").CountAsync());
        Assert.NotEqual("owned", await window.Page.TitleAsync());
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Key_Of64Thousand_IsCutAndStillExplained()
    {
        var key = $"long:{new string('k', 65_531)}";
        await cluster.First.Cache.SetAsync(key, "the value of a long key");
        await using var window = await chromium.OpenAsync(new() { ViewportSize = new() { Width = 390, Height = 800 } });

        await window.ShowAsync(cluster.First, "keys?prefix=long:");
        await window.Page.Locator("tbody a").First.ClickAsync();

        await Expect(window.Page.Locator(".value")).ToContainTextAsync("the value of a long key");
        await Expect(window.Button("All 65536 characters")).ToBeVisibleAsync();
        Assert.False(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Value_Of50Million_IsCutWithANote()
    {
        await cluster.First.Cache.SetAsync("huge", new string('v', 50_000_000));
        await using var window = await chromium.OpenAsync();

        await window.ShowAsync(cluster.First, "key?key=huge");

        var value = window.Page.GetByRole(AriaRole.Region, new() { Name = "Value" });
        await Expect(value.Locator(".notice")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        TestContext.Current.TestOutputHelper?.WriteLine(await value.Locator(".notice").TextContentAsync() ?? "");
        Assert.InRange((await value.TextContentAsync())!.Length, 1, 1_000_000);
        Assert.Empty(window.Complaints);
    }
}
