using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Larder.Dashboard.Tests.Apps;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.Serving;

public sealed partial class AssetTests
{
    [Fact]
    public async Task GetPage_ItsAssets_AreAllThereAndKeptForEver()
    {
        await using var app = await DashboardApp.StartAsync();
        var page = await app.Client.GetStringAsync("larder/");

        var assets = AssetUrl().Matches(page).Select(static match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(assets);
        foreach (var asset in assets)
        {
            using var answer = await app.GetAsync("larder/" + asset);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
            Assert.NotEqual("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task GetPage_ModulesAndTheirImports_AreAllThere()
    {
        await using var app = await DashboardApp.StartAsync();
        var page = await app.Client.GetStringAsync("larder/");
        var root = new Uri(app.Client.BaseAddress!, "larder/");
        var open = new Queue<Uri>(ScriptUrl().Matches(page).Select(match => new Uri(root, match.Groups[1].Value)));
        var seen = new HashSet<Uri>(open);

        while (open.TryDequeue(out var module))
        {
            var source = await app.Client.GetStringAsync(module);
            foreach (Match import in Import().Matches(source))
            {
                var url = new Uri(module, import.Groups[1].Value);
                if (seen.Add(url))
                {
                    open.Enqueue(url);
                }
            }
        }

        Assert.True(seen.Count > 3, $"Only {seen.Count} modules.");
    }

    [Fact]
    public async Task GetPage_AnyAnswer_HasTheStrictHeaders()
    {
        await using var app = await DashboardApp.StartAsync();

        foreach (var place in new[] { "larder/", "larder/api/v1/caches", "larder/api/v1/key", "larder/assets/x/main.js", "larder/assets/x/none.js" })
        {
            using var answer = await app.GetAsync(place);

            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("no-store", answer.Headers.GetValues("Cache-Control").Single());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        }
    }

    [Fact]
    public async Task GetPage_ItsSource_HasNoInlineCode()
    {
        await using var app = await DashboardApp.StartAsync();

        var page = await app.Client.GetStringAsync("larder/");

        Assert.DoesNotMatch("<script(?![^>]*\\bsrc=)", page);
        Assert.DoesNotMatch("<style|\\sstyle=|\\son[a-z]+=|javascript:", page);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task GetAsset_EncodingAccepted_IsEncodedWithATagOfItsOwn(string encoding)
    {
        await using var app = await DashboardApp.StartAsync();
        const string asset = "larder/assets/x/main.js";
        var plain = await app.GetAsync(asset);
        var source = await plain.Content.ReadAsByteArrayAsync();

        using var encoded = await app.GetAsync(asset, ("Accept-Encoding", $"deflate, {encoding};q=0.8"));

        Assert.Equal(encoding, encoded.Content.Headers.ContentEncoding.Single());
        Assert.Equal("Accept-Encoding", encoded.Headers.Vary.Single());
        Assert.NotEqual(plain.Headers.ETag, encoded.Headers.ETag);
        await using var body = await encoded.Content.ReadAsStreamAsync();
        await using Stream decoder = encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
        var decoded = new MemoryStream();
        await decoder.CopyToAsync(decoded);
        Assert.Equal(source, decoded.ToArray());
    }

    [Fact]
    public async Task GetAsset_EncodingRefused_IsPlain()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync("larder/assets/x/main.js", ("Accept-Encoding", "br;q=0, gzip;q=0"));

        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task GetAsset_TagKnown_IsNotSentAgain()
    {
        await using var app = await DashboardApp.StartAsync();
        const string asset = "larder/assets/x/main.js";
        using var first = await app.GetAsync(asset, ("Accept-Encoding", "br"));
        var tag = first.Headers.ETag!.ToString();

        using var same = await app.GetAsync(asset, ("Accept-Encoding", "br"), ("If-None-Match", $"\"other\", {tag}"));
        using var otherEncoding = await app.GetAsync(asset, ("If-None-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, otherEncoding.StatusCode);
    }

    [Theory]
    [InlineData("..%2f..%2fappsettings.json")]
    [InlineData("%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("..%5c..%5cLarder.Dashboard.dll")]
    [InlineData("....//....//etc/passwd")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("vendor/../../../../etc/passwd")]
    [InlineData("index.html")]
    [InlineData("main.js%00.css")]
    [InlineData("MAIN.JS")]
    [InlineData("vendor")]
    [InlineData("")]
    public async Task GetAsset_WhatIsNoneOfIt_IsNotFound(string name)
    {
        await using var app = await DashboardApp.StartAsync();

        var answer = await RawRequest.GetAsync(app.Port, "/larder/assets/x/" + name);

        Assert.Matches("^HTTP/1.1 40[04] ", answer);
    }

    [Fact]
    public async Task GetPage_WithoutTheSlash_IsSentToIt()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync("larder?cache=x");

        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.Equal("larder/?cache=x", answer.Headers.GetValues("Location").Single());
    }

    [Fact]
    public async Task GetPage_PathBaseIsAllOfThePath_IsSentBehindIt()
    {
        await using var app = await DashboardApp.StartAsync("Development", static services => services.AddLarder(), static app =>
        {
            app.UsePathBase("/inner/cache");
            app.UseRouting();
            app.MapLarderDashboard("/");
        });

        using var answer = await app.GetAsync("inner/cache");
        using var page = await app.GetAsync("inner/cache/");

        Assert.Equal("cache/", answer.Headers.GetValues("Location").Single());
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task HeadPage_AsGet_WithoutItsBody()
    {
        await using var app = await DashboardApp.StartAsync();
        var page = await app.Client.GetByteArrayAsync("larder/");

        using var answer = await app.SendAsync(HttpMethod.Head, "larder/", null);

        Assert.Equal(page.Length, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [GeneratedRegex("\"(assets/[0-9a-f]{16}/[^\"]+)\"")]
    private static partial Regex AssetUrl();

    [GeneratedRegex("<script[^>]* type=\"module\"[^>]* src=\"([^\"]+)\"")]
    private static partial Regex ScriptUrl();

    [GeneratedRegex("(?:from|import)\\s*\\(?[\"'](\\.[^\"']+)[\"']")]
    private static partial Regex Import();
}
