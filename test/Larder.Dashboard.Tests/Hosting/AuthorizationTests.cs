using System.Net;
using Larder.Dashboard.Tests.Access;
using Larder.Dashboard.Tests.Apps;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.Hosting;

public sealed class AuthorizationTests
{
    [Theory]
    [MemberData(nameof(LocalAccessTests.Places), MemberType = typeof(LocalAccessTests))]
    public async Task Get_PolicyOnTheGroup_CoversEverything(string place)
    {
        await using var app = await StartAsync("Production", static app => app.MapLarderDashboard().RequireAuthorization("Ops"));

        using var anonymous = await app.GetAsync(place);
        using var customer = await app.GetAsync(place, ("User", "carl"));
        using var ops = await app.GetAsync(place, ("User", "olga"), ("Roles", "ops"), ("Host", "shop.example"), ("X-Forwarded-For", "10.0.0.7"));

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, customer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ops.StatusCode);
    }

    [Fact]
    public async Task Get_PolicyAndAllowAnonymous_IsNoPolicy()
    {
        await using var app = await StartAsync("Production", static app => app.MapLarderDashboard().RequireAuthorization("Ops").AllowAnonymous());

        using var answer = await app.GetAsync("larder/");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Get_FallbackPolicyInDevelopment_AsksForASignInFirst()
    {
        await using var app = await StartAsync("Development", static app => app.MapLarderDashboard(), hasFallback: true);

        using var anonymous = await app.GetAsync("larder/api/v1/permissions");
        using var customer = await app.GetAsync("larder/api/v1/permissions", ("User", "carl"));
        using var remote = await app.GetAsync("larder/api/v1/permissions", ("User", "carl"), ("Host", "shop.example"));

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Contains("\"user\":\"carl\"", await customer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, remote.StatusCode);
    }

    [Fact]
    public async Task Get_FallbackPolicyInDevelopmentAndAllowAnonymous_IsForTheLocalPerson()
    {
        await using var app = await StartAsync("Development", static app => app.MapLarderDashboard().AllowAnonymous(), hasFallback: true);

        using var local = await app.GetAsync("larder/");
        using var remote = await app.GetAsync("larder/", ("Host", "shop.example"));

        Assert.Equal(HttpStatusCode.OK, local.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, remote.StatusCode);
    }

    [Fact]
    public async Task Get_FallbackPolicyOutsideDevelopment_DoesNotLetEverySignedInCustomerIn()
    {
        await using var app = await StartAsync("Production", static app => app.MapLarderDashboard(), hasFallback: true);

        using var customer = await app.GetAsync("larder/", ("User", "carl"));

        Assert.Equal(HttpStatusCode.Forbidden, customer.StatusCode);
    }

    [Fact]
    public async Task Post_PermissionsByPolicies_AreSeparate()
    {
        await using var app = await StartAsync("Production", static app => app.MapLarderDashboard(configure: static options =>
        {
            options.ViewValuesPolicy = "Support";
            options.InvalidatePolicy = "Ops";
        }).RequireAuthorization("Staff"));
        await app.Cache.SetAsync("a", 1);

        var support = await app.GetAsync("larder/api/v1/permissions", ("User", "sue"), ("Roles", "staff,support"));
        var ops = await app.GetAsync("larder/api/v1/permissions", ("User", "olga"), ("Roles", "staff,ops"));
        using var refused = await app.SendAsync(
            HttpMethod.Post, "larder/api/v1/key/remove", DashboardApp.Json("""{"key":"a"}"""), ("User", "sue"), ("Roles", "staff,support"));
        using var done = await app.SendAsync(
            HttpMethod.Post, "larder/api/v1/key/remove", DashboardApp.Json("""{"key":"a"}"""), ("User", "olga"), ("Roles", "staff,ops"));

        Assert.EndsWith("\"viewValues\":true,\"invalidate\":false}", await support.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.EndsWith("\"viewValues\":false,\"invalidate\":true}", await ops.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Contains(app.Log.Lines, static line => line == "olga at 127.0.0.1: remove a in the cache ''.");
        Assert.Contains(app.Log.Warnings, static line => line == "sue at 127.0.0.1 may not: remove a in the cache ''.");
    }

    private static Task<DashboardApp> StartAsync(string environment, Action<WebApplication> map, bool hasFallback = false) =>
        DashboardApp.StartAsync(
            environment,
            services =>
            {
                services.AddLarder();
                TestSignIn.AddTo(services);
                var authorization = services.AddAuthorizationBuilder()
                    .AddPolicy("Ops", static policy => policy.RequireRole("ops"))
                    .AddPolicy("Support", static policy => policy.RequireRole("support"))
                    .AddPolicy("Staff", static policy => policy.RequireRole("staff"));
                if (hasFallback)
                {
                    authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
                }
            },
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                map(app);
            });
}
