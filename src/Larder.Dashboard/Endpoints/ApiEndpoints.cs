using Larder.Dashboard.Access;
using Larder.Dashboard.Api;
using Larder.Dashboard.Describing;
using Larder.Dashboard.Requests;
using Larder.Dashboard.Values;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Endpoints;

/// <summary>The operations of the API, at their routes.</summary>
internal static class ApiEndpoints
{
    public static void Map(ApiPipeline api, LarderDashboardOptions options, IServiceProvider services, ILogger log)
    {
        var json = ApiJson.Default;
        var time = services.GetRequiredService<TimeProvider>();
        var permissions = new PermissionCheck(options, services.GetRequiredService<IHostEnvironment>());
        var audit = new AuditLog(services.GetRequiredService<ILoggerFactory>());
        var streams = new Streams(services.GetRequiredService<IHostApplicationLifetime>());

        api.Get("/caches", "The caches of the app.", json.CacheList, AboutEndpoints.CachesAsync);
        api.Get("/permissions", "What the caller may do.", json.Permissions, request => permissions.OfAsync(request.Context));
        api.Get(
            "/configuration", "The settings in force, and what is doubtful about them.", json.Configuration, AboutEndpoints.ConfigurationAsync,
            Argument.Cache);

        var overview = new OverviewEndpoints(options, time, streams, log);
        api.Get("/overview", "The state of all nodes.", json.Overview, overview.GetAsync, Argument.Cache);
        api.Stream("/overview/live", "The state of all nodes, each second.", overview.LiveAsync, Argument.Cache);

        api.Get(
            "/keys", "One bounded step of a scan over the keys.", json.KeyList, ScanEndpoints.KeysAsync,
            Argument.Cache, Argument.Prefix, Argument.Pattern, Argument.Tag, Argument.Cursor, Argument.Limit, Argument.Budget);
        api.Get(
            "/keys/tree", "The keys below a prefix, grouped by their next part, as far as one step sees them.", json.KeyTree, ScanEndpoints.TreeAsync,
            Argument.Cache, Argument.Prefix, Argument.Cursor, Argument.Budget);
        api.Get(
            "/tags/count", "How many entries an invalidation of a tag would hit, as far as one step sees them.", json.TagCount, ScanEndpoints.CountAsync,
            Argument.Cache, Argument.TagToCount, Argument.Cursor, Argument.Budget);
        api.Get("/tags", "The last invalidations of tags.", json.TagList, ScanEndpoints.TagsAsync, Argument.Cache);

        var keys = new KeyEndpoints(options, time, permissions, new ValueView(options), audit);
        api.Get("/key", "What all nodes know of a key.", json.KeyDetails, keys.ExplainAsync, Argument.Cache, Argument.Key);
        api.Post("/key", "The same, for a key that is too long for a URL.", json.KeyAction, json.KeyDetails, keys.ExplainLongAsync);
        api.Get("/key/value", "The value of a key.", json.KeyValue, keys.ValueAsync, Argument.Cache, Argument.Key);
        api.Post("/key/value", "The same, for a key that is too long for a URL.", json.KeyAction, json.KeyValue, keys.LongValueAsync);

        var invalidations = new InvalidationEndpoints(time, permissions, audit);
        api.Post("/key/expire", "Expires a value.", json.KeyAction, json.ActionDone, invalidations.ExpireAsync);
        api.Post("/key/remove", "Removes a value.", json.KeyAction, json.ActionDone, invalidations.RemoveAsync);
        api.Post("/key/refresh", "Counts as a read of a sliding entry.", json.KeyAction, json.ActionDone, invalidations.RefreshAsync);
        api.Post("/tags/invalidate", "Invalidates all entries of tags.", json.TagAction, json.ActionDone, invalidations.InvalidateTagsAsync);

        api.Stream(
            "/events", "What happens on all nodes, sampled.", new EventEndpoints(options, time, streams).LiveAsync,
            Argument.Cache, Argument.Kinds, Argument.Text);
        api.Get("/insights", "What is worth a look.", json.Insights, new InsightEndpoints(options, time).GetAsync, Argument.Cache);
        api.Describe();
    }
}
