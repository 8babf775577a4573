using Larder.Testing;
using Microsoft.Playwright;
using Users.Web.Tests.Apps;
using static Microsoft.Playwright.Assertions;

namespace Users.Web.Tests.Browser;

/// <summary>The page as a person uses it.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task Page_CachedReloadedAndCleared_ShowsWhereTheAddressCameFrom()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var origin = await OriginApp.StartAsync(TimeSpan.FromMilliseconds(200));
        await using var app = await WebApp.StartAsync(origin.Setting, "Larder:Store=EmbeddedGarnet", $"Larder:Garnet:Port={FreePort.Next()}");
        var page = await chromium.OpenAsync();
        var email = page.Locator("#email");

        await page.GotoAsync(app.Address.ToString());
        await Expect(email).ToHaveTextAsync(WebApp.Nothing);

        await Button(page, "Cache it").ClickAsync();
        await Expect(email).ToHaveTextAsync(WebApp.FirstEmail);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("the origin was called");

        await page.ReloadAsync();
        await Expect(email).ToHaveTextAsync(WebApp.FirstEmail);
        await Expect(page.Locator("#source")).ToHaveTextAsync("L1 of this server");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveCountAsync(0);
        Assert.Equal(1, await origin.RequestsAsync());

        await Button(page, "Clear it").ClickAsync();
        await Expect(email).ToHaveTextAsync(WebApp.Nothing);

        Assert.Empty(chromium.Complaints);
    }

    [Fact]
    public async Task Page_WithScript_CountsDown()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var app = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");
        var page = await chromium.OpenAsync();

        await page.GotoAsync(app.Address.ToString());
        await Button(page, "Cache it").ClickAsync();
        await Expect(page.Locator("#left")).ToContainTextAsync("1 min 5");
        await Expect(page.Locator("#age")).ToContainTextAsync("1 s");

        Assert.Empty(chromium.Complaints);
    }

    [Fact]
    public async Task Page_WithoutScript_Works()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var app = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");
        var page = await chromium.OpenAsync(new() { JavaScriptEnabled = false });

        await page.GotoAsync(app.Address.ToString());
        await Button(page, "Cache it").ClickAsync();
        await Expect(page.Locator("#email")).ToHaveTextAsync(WebApp.FirstEmail);
        await Expect(page.Locator("#left")).ToContainTextAsync("min");
        await Button(page, "Clear it").ClickAsync();
        await Expect(page.Locator("#email")).ToHaveTextAsync(WebApp.Nothing);

        Assert.Empty(chromium.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_OnAPhone_FitsItsWidth(ColorScheme scheme)
    {
        await using var chromium = await Chromium.StartAsync();
        await using var app = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");
        var page = await chromium.OpenAsync(new() { ViewportSize = new() { Width = 360, Height = 740 }, ColorScheme = scheme });

        await page.GotoAsync(app.Address.ToString());
        await Button(page, "Cache it").ClickAsync();
        await page.Locator("summary").ClickAsync();

        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        Assert.Empty(chromium.Complaints);
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name });
}
