using System.Net;
using System.Text.Json.Nodes;
using Larder.Dashboard.Tests.Apps;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Dashboard.Tests.Api;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Get_TheDescription_HasEveryRouteAndNoOther()
    {
        await using var app = await DashboardApp.StartAsync();
        var described = (await DescriptionAsync(app))["paths"]!.AsObject()
            .SelectMany(static path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"))
            .Append("GET /openapi.json");

        var mapped = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.RoutePattern.RawText!.StartsWith("/larder/api/v1", StringComparison.Ordinal))
            .SelectMany(static endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} {endpoint.RoutePattern.RawText!["/larder/api/v1".Length..]}"));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Get_TheDescription_HasEveryReferenceItMakes()
    {
        await using var app = await DashboardApp.StartAsync();
        var document = await DescriptionAsync(app);

        var references = References(document).ToArray();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Find(document, reference)));
    }

    [Theory]
    [InlineData("caches", "CacheList")]
    [InlineData("permissions", "Permissions")]
    [InlineData("configuration", "Configuration")]
    [InlineData("overview", "Overview")]
    [InlineData("keys", "KeyList")]
    [InlineData("keys/tree", "KeyTree")]
    [InlineData("key?key=user:1", "KeyDetails")]
    [InlineData("key/value?key=user:1", "KeyValue")]
    [InlineData("tags", "TagList")]
    [InlineData("tags/count?tag=users", "TagCount")]
    [InlineData("insights", "Insights")]
    public async Task Get_AnAnswer_HasTheDescribedShape(string route, string shape)
    {
        await using var app = await DashboardApp.StartAsync();
        await app.Cache.SetAsync("user:1", "Ann", tags: ["users"]);
        await app.Cache.RemoveByTagAsync("others");
        var properties = (await DescriptionAsync(app))["components"]!["schemas"]![shape]!["properties"]!.AsObject().Select(static one => one.Key).ToArray();

        using var answer = await app.GetAsync("larder/api/v1/" + route);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        Assert.NotEmpty(body);
        Assert.All(body, one => Assert.Contains(one.Key, properties));
    }

    private static async Task<JsonNode> DescriptionAsync(DashboardApp app) =>
        JsonNode.Parse(await app.Client.GetStringAsync("larder/api/v1/openapi.json"))!;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject parent => parent.SelectMany(static one =>
            one is { Key: "$ref", Value: JsonValue reference } ? [reference.GetValue<string>()] : References(one.Value)),
        JsonArray children => children.SelectMany(References),
        _ => [],
    };

    private static JsonNode? Find(JsonNode document, string reference) => reference[2..].Split('/').Aggregate(
        (JsonNode?)document,
        static (node, step) => node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : node?[step]);
}
