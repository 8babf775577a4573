using Larder.Dashboard.CacheStatuses;
using Larder.Dashboard.Tests.Apps;
using Larder.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.CacheStatuses;

public sealed class CacheStatusTests
{
    [Theory]
    [InlineData("", "k", CacheLevel.L1, false, 118.9, "Larder; hit; ttl=118; detail=L1")]
    [InlineData("", "k", CacheLevel.L2, false, null, "Larder; hit; detail=L2")]
    [InlineData("", "k", CacheLevel.L1, true, -3.2, "Larder; hit; ttl=-4; detail=stale")]
    [InlineData("", "k", CacheLevel.None, false, null, "Larder; fwd=miss")]
    [InlineData("orders", "k", CacheLevel.L1, false, null, "Larder/orders; hit; detail=L1")]
    [InlineData("a \"b\" é", "k", CacheLevel.L1, false, null, "\"Larder/a \\\"b\\\" ?\"; hit; detail=L1")]
    public void Of_AnAnswer_IsRfc9211(string cache, string key, CacheLevel level, bool isStale, double? seconds, string field)
    {
        var answer = new CacheStatus(cache, key, level, isStale, seconds is { } left ? TimeSpan.FromSeconds(left) : null);

        Assert.Equal(field, CacheStatusField.Of([answer], includeKeys: false));
    }

    [Theory]
    [InlineData("user:42", "Larder; hit; key=\"user:42\"; detail=L1")]
    [InlineData("a\\\"b", "Larder; hit; key=\"a\\\\\\\"b\"; detail=L1")]
    [InlineData("a\r\nSet-Cookie: x", "Larder; hit; detail=L1")]
    [InlineData("é", "Larder; hit; detail=L1")]
    public void Of_IncludeKeys_WritesThoseThatAHeaderCanHold(string key, string field) =>
        Assert.Equal(field, CacheStatusField.Of([new CacheStatus("", key, CacheLevel.L1, IsStale: false, null)], includeKeys: true));

    [Fact]
    public async Task Get_AnAppThatCaches_SaysWhatTheCacheAnswered()
    {
        await using var app = await StartAsync("Development", static _ => { });

        using var miss = await app.GetAsync("users");
        using var hit = await app.GetAsync("users");
        using var two = await app.GetAsync("two");
        using var none = await app.GetAsync("none");

        Assert.Equal("Larder; fwd=miss", FieldOf(miss)?.Split("; ttl")[0]);
        Assert.Matches("^Larder; hit; ttl=(119|120); detail=L1$", FieldOf(hit));
        Assert.Equal(2, FieldOf(two)!.Split(", ").Length);
        Assert.Null(FieldOf(none));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Get_OutsideDevelopment_SaysNothingUnlessToldTo(bool outside, bool says)
    {
        await using var app = await StartAsync("Production", options => options.OutsideDevelopment = outside);

        using var answer = await app.GetAsync("users");

        Assert.Equal(says, FieldOf(answer) is not null);
    }

    private static Task<DashboardApp> StartAsync(string environment, Action<CacheStatusOptions> configure) => DashboardApp.StartAsync(
        environment,
        static services => services.AddLarder(static options => options.DefaultEntryOptions.Expiration = TimeSpan.FromMinutes(2)),
        app =>
        {
            app.UseCacheStatus(configure);
            app.MapGet("/users", static async context => await context.Response.WriteAsync(await UsersAsync(context)));
            app.MapGet("/two", static async context => await context.Response.WriteAsync(await UsersAsync(context) + await UsersAsync(context)));
            app.MapGet("/none", static context => context.Response.WriteAsync("nothing"));
        });

    private static async Task<string> UsersAsync(HttpContext context) => await context.RequestServices.GetRequiredService<HybridCache>()
        .GetOrCreateAsync("users", static _ => ValueTask.FromResult("Ann"), cancellationToken: context.RequestAborted);

    private static string? FieldOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Cache-Status", out var values) ? string.Join(", ", values) : null;
}
