using System.Net;
using System.Text;
using System.Text.Json;
using Larder.Dashboard.Tests.Apps;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.Abuse;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("key", "'key' is missing")]
    [InlineData("key?key=", "'key' is missing")]
    [InlineData("key?key=larder:x", "larder:")]
    [InlineData("keys?limit=0", "'limit' was '0'")]
    [InlineData("keys?limit=99999999999", "'limit' was")]
    [InlineData("keys?limit=-1", "'limit' was '-1'")]
    [InlineData("keys?budget=1e9", "'budget' was '1e9'")]
    [InlineData("keys?cursor=nonsense", "cursor")]
    [InlineData("keys?prefix=a&pattern=b*", "both")]
    [InlineData("tags/count", "'tag' is missing")]
    public async Task Get_AnArgumentThatIsWrong_IsNamed(string route, string named)
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync("larder/api/v1/" + route);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(named, await DetailAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AnUnknownCache_IsNotMade()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.GetAsync("larder/api/v1/overview?cache=tenant-7");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Single(JsonDocument.Parse(await app.Client.GetStringAsync("larder/api/v1/caches")).RootElement.GetProperty("caches").EnumerateArray());
    }

    [Fact]
    public async Task Get_CachesOfEveryKind_AreListedAndFound()
    {
        await using var app = await DashboardApp.StartAsync(
            "Development",
            static services =>
            {
                services.AddLarder();
                services.AddLarder("orders");
            },
            static app => app.MapLarderDashboard());
        var tenant = app.Services.GetRequiredService<ILarderFactory>().GetCache("tenant");
        await tenant.SetAsync("a", 1);

        var caches = JsonDocument.Parse(await app.Client.GetStringAsync("larder/api/v1/caches")).RootElement.GetProperty("caches");
        var keys = await app.Client.GetStringAsync("larder/api/v1/keys?cache=tenant");

        Assert.Equal(["", "orders", "tenant"], caches.EnumerateArray().Select(static cache => cache.GetProperty("name").GetString()));
        Assert.Contains("\"key\":\"a\"", keys, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"key":null}""")]
    [InlineData("""{"key":7}""")]
    [InlineData("""{"key":""}""")]
    [InlineData("""{"key":"larder:clock"}""")]
    [InlineData("""{"key":"\ud800"}""")]
    public async Task Post_ABodyThatIsWrong_IsRefused(string body)
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.PostAsync("larder/api/v1/key/remove", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty(await DetailAsync(answer));
    }

    [Fact]
    public async Task Post_ABodyThatIsTooLarge_IsRefused()
    {
        await using var app = await DashboardApp.StartAsync();

        using var answer = await app.PostAsync("larder/api/v1/key/remove", $$"""{"key":"{{new string('k', 2_000_000)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Get_AKeyOf64Thousand_GoesInABody()
    {
        await using var app = await DashboardApp.StartAsync(
            "Development",
            static services => services.AddLarder(static options => options.MaximumKeyLength = 70_000),
            static app => app.MapLarderDashboard());
        var key = new string('k', 65_536);
        await app.Cache.SetAsync(key, "a long key's value");

        var byUrl = await RawRequest.GetAsync(app.Port, $"/larder/api/v1/key?key={key}");
        using var explained = await app.PostAsync("larder/api/v1/key", $$"""{"key":"{{key}}"}""");
        using var value = await app.PostAsync("larder/api/v1/key/value", $$"""{"key":"{{key}}"}""");
        using var removed = await app.PostAsync("larder/api/v1/key/remove", $$"""{"key":"{{key}}"}""");

        Assert.StartsWith("HTTP/1.1 414", byUrl, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, explained.StatusCode);
        Assert.Contains("a long key", await value.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.False((await app.Cache.TryGetAsync<string>(key)).Found);
    }

    [Fact]
    public async Task Get_MarkupInKeysValuesAndTags_IsEscapedInEveryAnswer()
    {
        const string Markup = "<script>alert(1)</script><!--\u2028";
        await using var app = await DashboardApp.StartAsync();
        await app.Cache.SetAsync(Markup, Markup, tags: [Markup]);
        await app.Cache.RemoveByTagAsync("<b>");
        var key = Uri.EscapeDataString(Markup);

        foreach (var route in new[]
        {
            "keys", "keys/tree", $"key?key={key}", $"key/value?key={key}", "tags", $"tags/count?tag={key}", $"keys?cursor={key}", $"overview?cache={key}", "insights",
        })
        {
            using var answer = await app.GetAsync("larder/api/v1/" + route);
            var body = await answer.Content.ReadAsStringAsync();

            Assert.DoesNotContain('<', body);
            Assert.DoesNotContain('\u2028', body);
            Assert.EndsWith("json", answer.Content.Headers.ContentType!.MediaType, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GetValue_Of50Million_IsNotRead()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.Cache.SetAsync("huge", new string('v', 50_000_000));

        using var answer = await app.GetAsync("larder/api/v1/key/value?key=huge");

        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(body.Length, 1, 1_000_000);
        Assert.False(string.IsNullOrEmpty(JsonDocument.Parse(body).RootElement.GetProperty("note").GetString()));
    }

    [Fact]
    public async Task GetValue_OfFiveMillion_IsCut()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.Cache.SetAsync("large", Encoding.UTF8.GetBytes(new string('v', 5_000_000)));

        var value = JsonDocument.Parse(await app.Client.GetStringAsync("larder/api/v1/key/value?key=large")).RootElement;

        Assert.Equal("text", value.GetProperty("kind").GetString());
        Assert.Equal(5_000_000, value.GetProperty("size").GetInt64());
        Assert.Equal(256 * 1024, value.GetProperty("text").GetString()!.Length);
        Assert.True(value.GetProperty("isCut").GetBoolean());
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!;
}
