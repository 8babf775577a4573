using Microsoft.Playwright;

namespace Larder.Testing.Browser;

/// <summary>The machine's Chromium, driven by Playwright; one for all tests of a class.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens an empty window, with cookies of its own; skips the test where Chromium is not installed.</summary>
    public async Task<Window> OpenAsync(BrowserNewContextOptions? options = null)
    {
        _browser ??= await LaunchAsync();
        return await Window.OpenAsync(await _browser.NewContextAsync(options));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private async Task<IBrowser> LaunchAsync()
    {
        var path = Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } given ? given : Requires.Chromium();
        _playwright ??= await Playwright.CreateAsync();

        // A busy machine is slow, and no fault of the page: only what never comes is one.
        Assertions.SetDefaultExpectTimeout(20_000);
        return await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments });
    }
}
