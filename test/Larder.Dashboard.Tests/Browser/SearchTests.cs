using System.Globalization;
using Larder.Testing.Browser;
using Microsoft.Playwright;
using StackExchange.Redis;
using static Microsoft.Playwright.Assertions;

namespace Larder.Dashboard.Tests.Browser;

/// <summary>The keys' view, on a store with many.</summary>
public sealed class SearchTests(DashboardCluster cluster, Chromium chromium) : IClassFixture<DashboardCluster>, IClassFixture<Chromium>
{
    private const int Keys = 100_000;

    [Fact]
    public async Task Search_AmongAHundredThousand_FindsTheKeyWithinASecond()
    {
        await FillAsync();
        await using var window = await chromium.OpenAsync();
        await window.ShowAsync(cluster.First, "keys");
        await Expect(window.Button("Continue").Last).ToBeVisibleAsync();

        // The best of a few: others use the machine too.
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            best = Math.Min(best, await SearchAsync(window, $"item:{i + 1}4242"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{best:F0} ms from Enter to the row"));
        Assert.InRange(best, 0, 1000);
        Assert.Empty(window.Complaints);
    }

    private static async Task<double> SearchAsync(Window window, string key)
    {
        var field = window.Page.Locator("input[type=search]");
        await field.FillAsync(key);
        var started = await window.Page.EvaluateAsync<double>("performance.now()");
        await field.PressAsync("Enter");
        var keys = window.Page.GetByRole(AriaRole.Region, new() { Name = $"Keys that begin with {key}" });
        var (row, proceed) = (keys.Locator("tbody a").First, keys.GetByRole(AriaRole.Button, new() { Name = "Continue" }));
        await Expect(row.Or(proceed).First).ToBeVisibleAsync();
        while (!await row.IsVisibleAsync())
        {
            // A scan asks whether to go on where it took its time, as the first does on a machine that is busy.
            await proceed.ClickAsync();
            await Expect(row.Or(proceed).First).ToBeVisibleAsync();
        }

        await Expect(row).ToHaveTextAsync(key);
        return await window.Page.EvaluateAsync<double>("performance.now()") - started;
    }

    // One entry as the cache writes it, a hundred thousand times: by the cache itself it would take half a minute.
    private async Task FillAsync()
    {
        await cluster.First.Cache.SetAsync("item:0", "an item");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(cluster.Store);
        var fields = await redis.GetDatabase().HashGetAllAsync("item:0");
        var batch = new List<Task>();
        for (var i = 1; i < Keys; i++)
        {
            batch.Add(redis.GetDatabase().HashSetAsync($"item:{i}", fields));
            if (batch.Count == 1000)
            {
                await Task.WhenAll(batch);
                batch.Clear();
            }
        }

        await Task.WhenAll(batch);
    }
}
