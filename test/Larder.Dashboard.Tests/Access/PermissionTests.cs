using System.Net;
using Larder.Dashboard.Tests.Apps;

namespace Larder.Dashboard.Tests.Access;

public sealed class PermissionTests
{
    public static TheoryData<string, string> Mutations => new()
    {
        { "key/remove", """{"key":"a"}""" },
        { "key/expire", """{"key":"a"}""" },
        { "key/refresh", """{"key":"a"}""" },
        { "tags/invalidate", """{"tags":["t"]}""" },
    };

    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task Post_OutsideDevelopment_IsReadOnlyUnlessEnabled(string route, string body)
    {
        await using var app = await DashboardApp.StartAsync("Production", static options => options.AllowRemoteAccess = true);
        await app.Cache.SetAsync("a", 1, tags: ["t"]);

        using var answer = await app.PostAsync("larder/api/v1/" + route, body);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Larder:Dashboard:Invalidate", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True((await app.Cache.TryGetAsync<int>("a")).Found);
        Assert.Contains(app.Log.Warnings, static line => line.Contains("may not", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_EnabledOutsideDevelopment_RemovesAndIsWrittenDown()
    {
        await using var app = await DashboardApp.StartAsync(
            "Production", static options => (options.AllowRemoteAccess, options.Invalidate) = (true, true));
        await app.Cache.SetAsync("a", 1);

        using var answer = await app.PostAsync("larder/api/v1/key/remove", """{"key":"a"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False((await app.Cache.TryGetAsync<int>("a")).Found);
        Assert.Contains(app.Log.Lines, static line => line == "anonymous at 127.0.0.1: remove a in the cache ''.");
    }

    [Fact]
    public async Task Post_DisabledInDevelopment_IsRefused()
    {
        await using var app = await DashboardApp.StartAsync(configure: static options => options.Invalidate = false);

        using var answer = await app.PostAsync("larder/api/v1/key/remove", """{"key":"a"}""");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task GetValue_OutsideDevelopment_IsRefusedUnlessEnabled()
    {
        await using var app = await DashboardApp.StartAsync("Production", static options => (options.AllowRemoteAccess, options.Invalidate) = (true, true));
        await app.Cache.SetAsync("a", "secret");

        using var got = await app.GetAsync("larder/api/v1/key/value?key=a");
        using var posted = await app.PostAsync("larder/api/v1/key/value", """{"key":"a"}""");

        Assert.Equal(HttpStatusCode.Forbidden, got.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
        Assert.DoesNotContain("secret", await got.Content.ReadAsStringAsync() + await posted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development", null, null, "true", "true")]
    [InlineData("Production", null, null, "false", "false")]
    [InlineData("Production", true, null, "true", "false")]
    [InlineData("Production", null, true, "false", "true")]
    [InlineData("Development", false, true, "false", "true")]
    public async Task GetPermissions_BySettings_SaysWhatHolds(string environment, bool? view, bool? invalidate, string canView, string canInvalidate)
    {
        await using var app = await DashboardApp.StartAsync(
            environment, options => (options.AllowRemoteAccess, options.ViewValues, options.Invalidate) = (true, view, invalidate));

        var answer = await app.Client.GetStringAsync("larder/api/v1/permissions");

        Assert.Equal($$"""{"environment":"{{environment}}","viewValues":{{canView}},"invalidate":{{canInvalidate}}}""", answer);
    }

    [Fact]
    public async Task Post_KeyWithLineBreaks_CannotForgeALineOfTheLog()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.PostAsync("larder/api/v1/key/remove", """{"key":"a\r\nroot at 127.0.0.1: remove all\u2028\u202e"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var line = Assert.Single(app.Log.Lines, static line => line.Contains("remove all", StringComparison.Ordinal));
        Assert.Contains(@"remove a\u000d\u000aroot at 127.0.0.1: remove all\u2028\u202e in", line, StringComparison.Ordinal);
    }
}
