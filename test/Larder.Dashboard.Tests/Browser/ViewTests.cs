using Deque.AxeCore.Playwright;
using Larder.Testing.Browser;
using Microsoft.Playwright;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>What holds for every view, on every screen.</summary>
public sealed class ViewTests(DashboardCluster cluster, Chromium chromium) : IClassFixture<DashboardCluster>, IClassFixture<Chromium>
{
    public static TheoryData<string> Views => [.. DashboardPage.Views];

    public static TheoryData<string, int, ColorScheme> Screens =>
    [
        .. from view in DashboardPage.Views
           from screen in new[] { (Width: 1280, Scheme: ColorScheme.Light), (Width: 390, Scheme: ColorScheme.Dark) }
           select (view, screen.Width, screen.Scheme),
    ];

    [Theory]
    [MemberData(nameof(Views))]
    public async Task View_Opened_ObeysTheStrictPolicyWithoutComplaints(string view)
    {
        await FillAsync();
        await using var window = await chromium.OpenAsync();
        string? policy = null;
        window.Page.Response += (_, response) => policy ??= response.Headers.GetValueOrDefault("content-security-policy");

        await window.ShowAsync(cluster.First, view);

        Assert.NotNull(policy);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("trusted-types", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Empty(window.Complaints);
    }

    [Theory]
    [InlineData("larder")]
    [InlineData("larder/")]
    [InlineData("shop/larder")]
    public async Task Page_AtAnyAddressOfItsOwn_FindsItsAssetsAndItsApi(string address)
    {
        await using var window = await chromium.OpenAsync();

        await window.Page.GotoAsync(new Uri(cluster.First.Address, address).ToString());

        await window.ReadyAsync("overview");
        Assert.Empty(window.Complaints);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task View_OnADesktopAndAPhone_FitsAndIsAccessible(string view, int width, ColorScheme scheme)
    {
        await FillAsync();
        await using var window = await chromium.OpenAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });

        await window.ShowAsync(cluster.First, view);

        Assert.False(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        var found = await window.Page.RunAxe();
        Assert.Empty(found.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {string.Join("; ", violation.Nodes.Select(node => node.Html))}"));
    }

    [Fact]
    public async Task Navigation_FromViewToView_TakesTheKeyboardAlone()
    {
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "overview");
        var keyboard = window.Page.Keyboard;

        foreach (var (letter, view) in new[] { ("k", "keys"), ("t", "tags"), ("l", "live"), ("i", "insights"), ("c", "configuration"), ("o", "overview") })
        {
            await keyboard.PressAsync("g");
            await keyboard.PressAsync(letter);
            await Assertions.Expect(window.Page.Locator($"main[data-view='{view}']")).ToBeFocusedAsync();
        }

        await keyboard.PressAsync("g");
        await keyboard.PressAsync("k");
        await window.ReadyAsync("keys");
        await keyboard.PressAsync("/");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Navigation_PageIsDrawnBetweenTheTwoLetters_TheSecondCounts()
    {
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "overview");

        await window.Page.Keyboard.PressAsync("g");
        await window.Page.EvaluateAsync("location.hash = '#/tags'");
        await window.ReadyAsync("tags");
        await window.Page.Keyboard.PressAsync("i");

        await window.ReadyAsync("insights");
    }

    [Fact]
    public async Task Shortcuts_SwitchedOff_LeaveLettersAlone()
    {
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "overview");
        var dialog = window.Page.GetByRole(AriaRole.Dialog);

        await window.Page.Keyboard.PressAsync("?");
        await dialog.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await window.Page.Keyboard.PressAsync("?");

        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Chart_AsATable_HasTheSameNumbers()
    {
        await FillAsync();
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "overview");

        await window.Button("Table of Requests and origin calls").ClickAsync();
        await cluster.First.PageAsync("counted");

        var table = window.Page.GetByRole(AriaRole.Table, new() { Name = "Requests and origin calls" });
        await Assertions.Expect(table.GetByRole(AriaRole.Columnheader, new() { Name = "origin calls" })).ToBeVisibleAsync();
        await Assertions.Expect(table.Locator("tbody tr").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Overview_OfThreeNodes_ShowsThemAll()
    {
        await using var window = await chromium.OpenAsync();

        await window.ShowAsync(cluster.First, "overview");

        foreach (var name in new[] { "web-1", "web-2", "web-3" })
        {
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Rowheader, new() { Name = name })).ToBeVisibleAsync();
        }
    }

    private async Task FillAsync()
    {
        var options = new LarderEntryOptions { Expiration = TimeSpan.FromHours(1) };
        for (var i = 0; i < 20; i++)
        {
            await cluster.First.Cache.SetAsync($"user:{i}", new Visitor(i, "Ann"), options, ["users"]);
        }
    }

    private sealed record Visitor(int Id, string Name);
}
