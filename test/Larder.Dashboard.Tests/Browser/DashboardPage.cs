using Larder.Testing.Browser;
using Microsoft.Playwright;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>The dashboard in a window.</summary>
internal static class DashboardPage
{
    /// <summary>Every view, with what its address needs.</summary>
    public static readonly string[] Views =
        ["overview", "keys", "key?key=user:1", "tags?tag=users", "live", "insights", "configuration"];

    /// <summary>Opens a view and waits until it shows what the server said.</summary>
    public static async Task ShowAsync(this Window window, DashboardNode node, string view)
    {
        await window.Page.GotoAsync($"{node.Dashboard}#/{view}");
        await window.ReadyAsync(view);
    }

    /// <summary>Waits until the view shows what the server said.</summary>
    public static async Task ReadyAsync(this Window window, string view)
    {
        var main = window.Page.Locator($"main[data-view='{view.Split('?')[0]}']");
        await Assertions.Expect(main).ToBeVisibleAsync();
        await Assertions.Expect(main.Locator(".waiting")).ToHaveCountAsync(0);
        await Assertions.Expect(main.Locator(".card, .figures").First).ToBeVisibleAsync();
    }

    /// <summary>The sentence at the top of a key's view.</summary>
    public static ILocator Sentence(this Window window) => window.Page.Locator(".sentence");
}
