using System.Diagnostics;
using Larder.Testing;
using Users.Web.Tests.Apps;

namespace Users.Web.Tests;

/// <summary>L2 fails; nothing but speed is lost.</summary>
public sealed class StoreFailureTests
{
    // Long enough that what a busy machine adds to a page is less.
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(3);

    // The time-out is waited for once, and never twice.
    private static readonly TimeSpan Patience = 2 * StoreTimeout;

    [Fact]
    public async Task Page_WhenRedisIsKilled_WorksFromTheOriginAndCachesAgainWhenItIsBack()
    {
        await using var redis = await RedisServer.StartAsync();
        string[] settings = Settings(redis);
        await using var first = await WebApp.StartAsync(settings);
        await using var second = await WebApp.StartAsync(settings);
        await first.PressAsync(Buttons.Cache);

        redis.Kill();
        await WorksAsync(first);
        await WorksAsync(second);

        await redis.RestartAsync();
        await CachesAgainAsync(first, second);
    }

    [Fact]
    public async Task Page_WhenRedisHangs_WorksFromTheOriginAndCachesAgainWhenItGoesOn()
    {
        await using var redis = await RedisServer.StartAsync();
        string[] settings = Settings(redis);
        await using var first = await WebApp.StartAsync(settings);
        await using var second = await WebApp.StartAsync(settings);
        await first.PressAsync(Buttons.Cache);

        redis.Suspend();
        await WorksAsync(first);
        await WorksAsync(second);

        redis.Resume();
        await CachesAgainAsync(first, second);
    }

    [Fact]
    public async Task Page_WhenRedisIsDownAtStart_WorksFromTheOriginAndCachesWhenItIsThere()
    {
        await using var redis = await RedisServer.StartAsync();
        redis.Kill();
        string[] settings = Settings(redis);
        await using var first = await WebApp.StartAsync(settings);
        await using var second = await WebApp.StartAsync(settings);

        await WorksAsync(first);
        await WorksAsync(second);

        await redis.RestartAsync();
        await CachesAgainAsync(first, second);
    }

    [Fact]
    public async Task Page_WhenTheServerWithTheGarnetEnds_WorksFromTheOriginAndCachesWhenItIsBack()
    {
        string[] settings = [.. Common, "Larder:Store=EmbeddedGarnet", $"Larder:Garnet:Port={FreePort.Next()}"];
        var first = await WebApp.StartAsync(settings);
        await using var second = await WebApp.StartAsync(settings);
        await first.PressAsync(Buttons.Cache);

        await first.DisposeAsync();
        await WorksAsync(second);

        await using var again = await WebApp.StartAsync(settings);
        await CachesAgainAsync(again, second);
    }

    private static string[] Common => ["Users:Delay=00:00:00", $"Larder:StoreTimeout={StoreTimeout}"];

    private static string[] Settings(RedisServer redis) =>
        [.. Common, "Larder:Store=Redis", $"ConnectionStrings:Redis={redis.Configuration}"];

    private static async Task WorksAsync(WebApp app)
    {
        Assert.NotEmpty((await InTimeAsync(app.PageAsync)).Email);
        await InTimeAsync(app.SourceAsync);
        await InTimeAsync(() => app.PressAsync(Buttons.Clear));
        var page = await InTimeAsync(() => app.PressAsync(Buttons.Cache));
        Assert.StartsWith("Cached", page.Notice, StringComparison.Ordinal);
    }

    private static Task CachesAgainAsync(WebApp first, WebApp second) => Eventually.TrueAsync(
        async () =>
        {
            await first.PressAsync(Buttons.Clear);
            await first.PressAsync(Buttons.Cache);
            return (await second.PageAsync()).Source == "L2, the shared store";
        },
        TimeSpan.FromSeconds(30),
        "the second server reads what the first has cached");

    private static async Task<T> InTimeAsync<T>(Func<Task<T>> action)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await action();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Patience);
        return result;
    }
}
