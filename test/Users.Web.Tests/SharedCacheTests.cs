using Larder.Testing;
using Users.Web.Tests.Apps;

namespace Users.Web.Tests;

/// <summary>Two servers over one L2.</summary>
public sealed class SharedCacheTests
{
    [Fact]
    public async Task CacheAndClear_OnOneServer_AreSeenOnTheOther()
    {
        await using var redis = await RedisServer.StartAsync();
        string[] settings = ["Users:Delay=00:00:00", "Larder:Store=Redis", $"ConnectionStrings:Redis={redis.Configuration}"];
        await using var first = await WebApp.StartAsync([.. settings, "Larder:NodeName=first"]);
        await using var second = await WebApp.StartAsync([.. settings, "Larder:NodeName=second"]);

        await PassAroundAsync(first, second);
    }

    [Fact]
    public async Task SecondServer_WhereTheFirstHasAnEmbeddedGarnet_JoinsIt()
    {
        string[] settings = ["Users:Delay=00:00:00", "Larder:Store=EmbeddedGarnet", $"Larder:Garnet:Port={FreePort.Next()}"];
        await using var first = await WebApp.StartAsync([.. settings, "Larder:NodeName=first"]);
        await using var second = await WebApp.StartAsync([.. settings, "Larder:NodeName=second"]);

        await PassAroundAsync(first, second);
    }

    [Fact]
    public async Task Form_OfOneServer_IsAcceptedByTheOther()
    {
        // A load balancer's next server gets the form, and the one after it the redirect.
        await using var first = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");
        await using var second = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");
        var page = await first.PageAsync();
        second.Cookies.Add(first.Cookies.GetAllCookies());

        var answer = await second.PressAsync(page, Buttons.Cache);

        Assert.Equal(WebApp.FirstEmail, answer.Email);
        Assert.StartsWith("Cached: the origin was called", answer.Notice, StringComparison.Ordinal);
    }

    private static async Task PassAroundAsync(WebApp first, WebApp second)
    {
        Assert.Equal(WebApp.Nothing, (await second.PageAsync()).Email);

        var fetched = await first.PressAsync(Buttons.Cache);
        Assert.StartsWith("Cached: the origin was called", fetched.Notice, StringComparison.Ordinal);
        Assert.StartsWith("first, ", fetched.Server, StringComparison.Ordinal);

        var fromL2 = await second.PageAsync();
        Assert.Equal(WebApp.FirstEmail, fromL2.Email);
        Assert.Equal("L2, the shared store", fromL2.Source);
        Assert.StartsWith("second, ", fromL2.Server, StringComparison.Ordinal);
        Assert.Equal("L1 of this server", (await second.PageAsync()).Source);

        await second.PressAsync(Buttons.Clear);
        Assert.Equal(WebApp.Nothing, (await second.PageAsync()).Email);
        // The message is on its way for milliseconds.
        await Eventually.TrueAsync(async () => (await first.PageAsync()).Email == WebApp.Nothing, TimeSpan.FromSeconds(2));
    }
}
