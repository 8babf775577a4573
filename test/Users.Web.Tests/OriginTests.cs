using System.Net;
using Users.Web.Tests.Apps;

namespace Users.Web.Tests;

/// <summary>The users service: here, elsewhere, or down.</summary>
public sealed class OriginTests
{
    [Fact]
    public async Task Buttons_OnOneServer_CallTheOriginOnceAndForget()
    {
        await using var origin = await OriginApp.StartAsync(TimeSpan.Zero);
        await using var app = await WebApp.StartAsync(origin.Setting, "Larder:Store=Memory");
        Assert.Equal(WebApp.Nothing, (await app.PageAsync()).Email);

        Assert.StartsWith("Cached: the origin was called and answered 12 users", (await app.PressAsync(Buttons.Cache)).Notice, StringComparison.Ordinal);
        Assert.StartsWith("Cached already: L1 of this server", (await app.PressAsync(Buttons.Cache)).Notice, StringComparison.Ordinal);
        Assert.Equal("L1", await app.SourceAsync());
        Assert.Equal(1, await origin.RequestsAsync());

        var cleared = await app.PressAsync(Buttons.Clear);
        Assert.StartsWith("Cleared", cleared.Notice, StringComparison.Ordinal);
        Assert.Equal(WebApp.Nothing, cleared.Email);
        Assert.Equal("Origin", await app.SourceAsync());
        Assert.Equal(2, await origin.RequestsAsync());
    }

    [Fact]
    public async Task CacheIt_WithoutAnEndpoint_CallsTheAppItself()
    {
        await using var app = await WebApp.StartAsync("Users:Delay=00:00:00", "Larder:Store=Memory");

        Assert.Equal(WebApp.FirstEmail, (await app.PressAsync(Buttons.Cache)).Email);

        Assert.Equal((HttpStatusCode.OK, """{"requests":1}"""), await app.SendAsync(HttpMethod.Get, "/api/users/stats"));
    }

    [Fact]
    public async Task CacheIt_WhenTheOriginIsDown_SaysSoAndThePageWorks()
    {
        await using var origin = await OriginApp.StartAsync(TimeSpan.Zero);
        await using var app = await WebApp.StartAsync(origin.Setting, "Larder:Store=Memory");
        await origin.KillAsync();

        var page = await app.PressAsync(Buttons.Cache);

        Assert.Equal(WebApp.Nothing, page.Email);
        Assert.Contains("did not answer", page.Notice, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.SendAsync(HttpMethod.Get, "/users")).Status);
    }

    [Fact]
    public async Task Expiration_OfTheConfiguration_EndsTheEntry()
    {
        await using var origin = await OriginApp.StartAsync(TimeSpan.Zero);
        await using var app = await WebApp.StartAsync(origin.Setting, "Larder:Store=Memory", "Users:AbsoluteExpiration=00:00:01");
        Assert.Equal("Origin", await app.SourceAsync());

        await Larder.Testing.Eventually.TrueAsync(async () => (await app.PageAsync()).Email == WebApp.Nothing, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("/cache")]
    [InlineData("/clear")]
    public async Task Button_WithoutItsToken_IsRefused(string button)
    {
        await using var app = await WebApp.StartAsync("Larder:Store=Memory");

        var (status, text) = await app.SendAsync(HttpMethod.Post, button);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("That form was out of date", text, StringComparison.Ordinal);
    }
}
