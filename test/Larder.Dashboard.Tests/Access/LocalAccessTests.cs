using System.Net;
using Larder.Dashboard.Tests.Apps;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.Access;

public sealed class LocalAccessTests
{
    public static TheoryData<string> Places => ["larder/", "larder/api/v1/caches", "larder/api/v1/permissions", "larder/assets/x/main.js"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Get_LocalRequestInDevelopment_IsAnswered(string place)
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync(place);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:5001")]
    [InlineData("127.0.0.1:80")]
    [InlineData("127.8.9.1")]
    [InlineData("[::1]:5001")]
    [InlineData("users.localhost")]
    public async Task Get_OwnHostName_IsAnswered(string host)
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync("larder/api/v1/caches", ("Host", host));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("evillocalhost")]
    [InlineData("10.0.0.7:5001")]
    [InlineData("0.0.0.0")]
    public async Task Get_AnotherHostName_IsRefused(string host)
    {
        await using var app = await DashboardApp.StartAsync();

        foreach (var place in Places)
        {
            using var answer = await app.GetAsync(place, ("Host", host));
            await AssertRefusedAsync(answer, "host that is not localhost");
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Host", "localhost")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Original-For", "10.0.0.7:4711")]
    public async Task Get_ThroughAProxy_IsRefused(string header, string value)
    {
        await using var app = await DashboardApp.StartAsync();

        foreach (var place in Places)
        {
            using var answer = await app.GetAsync(place, (header, value));
            await AssertRefusedAsync(answer, "came through a proxy");
        }
    }

    [Fact]
    public async Task Get_ForwardedHeadersThatTheAppBelieves_IsRefused()
    {
        // The middleware takes X-Forwarded-For away once it has made it the peer: a client behind a proxy could name itself 127.0.0.1.
        await using var app = await DashboardApp.StartAsync("Development", static services => services.AddLarder(), static app =>
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.All };
            app.UseForwardedHeaders(forwarded);
            app.MapLarderDashboard();
        });

        using var answer = await app.GetAsync("larder/api/v1/caches", ("X-Forwarded-For", "127.0.0.1"));

        await AssertRefusedAsync(answer, "came through a proxy");
    }

    [Theory]
    [InlineData("10.0.0.7")]
    [InlineData("::ffff:192.168.1.4")]
    [InlineData(null)]
    public async Task Get_AnotherMachine_IsRefused(string? address)
    {
        await using var app = await StartFromAsync(address, static app => app.MapLarderDashboard());

        foreach (var place in Places)
        {
            using var answer = await app.GetAsync(place);
            await AssertRefusedAsync(answer, "comes from another machine");
        }
    }

    [Fact]
    public async Task Get_AnotherMachineWithAllowRemoteAccess_IsAnswered()
    {
        await using var app = await StartFromAsync(
            "10.0.0.7", static app => app.MapLarderDashboard(configure: static options => options.AllowRemoteAccess = true));

        using var answer = await app.GetAsync("larder/", ("Host", "ops.example"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Get_LocalRequestOutsideDevelopment_IsRefusedUntilThereIsAPolicy(string place)
    {
        await using var app = await DashboardApp.StartAsync("Production");

        using var answer = await app.GetAsync(place);

        await AssertRefusedAsync(answer, "Outside Development");
    }

    [Fact]
    public async Task Get_Refused_DoesNotReadTheBody()
    {
        await using var app = await DashboardApp.StartAsync("Production");

        using var answer = await app.PostAsync("larder/api/v1/key/remove", "no JSON at all");

        await AssertRefusedAsync(answer, "Outside Development");
    }

    private static Task<DashboardApp> StartFromAsync(string? address, Action<WebApplication> map) =>
        DashboardApp.StartAsync("Development", static services => services.AddLarder(), app =>
        {
            app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
                return next(context);
            });
            map(app);
        });

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, string reason)
    {
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
