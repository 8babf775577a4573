using Larder.Testing;
using Larder.Testing.Browser;
using Microsoft.Playwright;
using Users.Web.Tests.Apps;
using static Microsoft.Playwright.Assertions;

namespace Users.Web.Tests.Browser;

/// <summary>The page as a person uses it.</summary>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Page_CachedReloadedAndCleared_ShowsWhereTheAddressCameFrom()
    {
        await using var window = await chromium.OpenAsync();
        await using var origin = await OriginApp.StartAsync(TimeSpan.FromMilliseconds(200));
        await using var app = await WebApp.StartAsync(origin.Setting, "Larder:Store=EmbeddedGarnet", $"Larder:Garnet:Port={FreePort.Next()}");
        var page = window.Page;
        var email = page.Locator("#email");

        await page.GotoAsync(app.Address.ToString());
        await Expect(email).ToHaveTextAsync(WebApp.Nothing);

        await window.Button("Cache it").ClickAsync();
        await Expect(email).ToHaveTextAsync(WebApp.FirstEmail);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("the origin was called");

        await page.ReloadAsync();
        await Expect(email).ToHaveTextAsync(WebApp.FirstEmail);
        await Expect(page.Locator("#source")).ToHaveTextAsync("L1 of this server");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveCountAsync(0);
        Assert.Equal(1, await origin.RequestsAsync());

        await window.Button("Clear it").ClickAsync();
        await Expect(email).ToHaveTextAsync(WebApp.Nothing);

        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Page_WithScript_CountsDown()
    {
        await using var window = await chromium.OpenAsync();
        await using var app = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");

        await window.Page.GotoAsync(app.Address.ToString());
        await window.Button("Cache it").ClickAsync();
        await Expect(window.Page.Locator("#age")).ToContainTextAsync("2 s");
        await Expect(window.Page.Locator("#left")).ToContainTextAsync("1 min 5");

        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Page_WithoutScript_Works()
    {
        await using var window = await chromium.OpenAsync(new() { JavaScriptEnabled = false });
        await using var app = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");

        await window.Page.GotoAsync(app.Address.ToString());
        await window.Button("Cache it").ClickAsync();
        await Expect(window.Page.Locator("#email")).ToHaveTextAsync(WebApp.FirstEmail);
        await Expect(window.Page.Locator("#left")).ToContainTextAsync("min");
        await window.Button("Clear it").ClickAsync();
        await Expect(window.Page.Locator("#email")).ToHaveTextAsync(WebApp.Nothing);

        Assert.Empty(window.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_OnAPhone_FitsItsWidth(ColorScheme scheme)
    {
        await using var window = await chromium.OpenAsync(new() { ViewportSize = new() { Width = 360, Height = 740 }, ColorScheme = scheme });
        await using var app = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");

        await window.Page.GotoAsync(app.Address.ToString());
        await window.Button("Cache it").ClickAsync();
        await window.Page.Locator("summary").ClickAsync();

        Assert.False(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        Assert.Empty(window.Complaints);
    }
}
