using System.Net;
using Larder.Dashboard.Tests.Apps;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.Access;

public sealed class SameOriginTests
{
    private const string Remove = "larder/api/v1/key/remove";
    private const string Body = """{"key":"a"}""";

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Sec-Fetch-Site", "nonsense")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "http://localhost")]
    public async Task Post_AnotherSite_IsRefusedAndChangesNothing(string header, string value)
    {
        await using var app = await DashboardApp.StartAsync();
        await app.Cache.SetAsync("a", 1);

        using var answer = await app.SendAsync(HttpMethod.Post, Remove, DashboardApp.Json(Body), (header, value));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.True((await app.Cache.TryGetAsync<int>("a")).Found);
    }

    [Fact]
    public async Task Post_SecFetchSiteSaysCrossSite_OriginDoesNotHelp()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.SendAsync(
            HttpMethod.Post, Remove, DashboardApp.Json(Body), ("Sec-Fetch-Site", "cross-site"), ("Origin", $"http://localhost:{app.Port}"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Origin", "http://localhost:{port}")]
    [InlineData("Origin", "https://LOCALHOST:{port}")]
    [InlineData(null, null)]
    public async Task Post_OwnPageOrNoBrowser_Removes(string? header, string? value)
    {
        await using var app = await DashboardApp.StartAsync();
        await app.Cache.SetAsync("a", 1);
        (string, string)[] headers = header is null ? [] : [(header, value!.Replace("{port}", $"{app.Port}", StringComparison.Ordinal))];

        using var answer = await app.SendAsync(HttpMethod.Post, Remove, DashboardApp.Json(Body), headers);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False((await app.Cache.TryGetAsync<int>("a")).Found);
    }

    [Theory]
    [InlineData("http://localhost", "localhost:80")]
    [InlineData("https://localhost", "localhost:443")]
    [InlineData("https://localhost", "localhost")]
    public async Task Post_DefaultPortLeftOutByOneOfThem_IsTheSameOrigin(string origin, string host)
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.SendAsync(HttpMethod.Post, Remove, DashboardApp.Json(Body), ("Origin", origin), ("Host", host));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Post_WhatAFormCanSend_IsRefused(string? contentType)
    {
        await using var app = await DashboardApp.StartAsync();
        await app.Cache.SetAsync("a", 1);
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(Body));
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var answer = await app.SendAsync(HttpMethod.Post, Remove, content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.True((await app.Cache.TryGetAsync<int>("a")).Found);
    }

    [Fact]
    public async Task Get_MutationByUrl_IsNoRoute()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync(Remove + "?key=a");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Theory]
    [InlineData("larder/api/v1/caches")]
    [InlineData("larder/api/v1/overview/live")]
    [InlineData("larder/api/v1/events")]
    public async Task Get_AnotherSitesScript_IsRefused(string place)
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync(place, ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Get_PageByALinkOnAnotherSite_IsAnswered()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync("larder/", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Get_AppAllowsEveryOrigin_DashboardDoesNot()
    {
        await using var app = await DashboardApp.StartAsync("Development", static services => services.AddCors().AddLarder(), static app =>
        {
            app.UseRouting();
            app.UseCors(static policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod());
            app.MapGet("/open", static () => "open");
            app.MapLarderDashboard();
        });

        using var open = await app.GetAsync("open", ("Origin", "https://evil.example"));
        using var closed = await app.GetAsync("larder/api/v1/caches", ("Origin", "https://evil.example"));
        using var posted = await app.SendAsync(HttpMethod.Post, Remove, DashboardApp.Json(Body), ("Origin", "https://evil.example"));

        Assert.True(open.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
    }
}
