using Larder.Dashboard.Access;
using Larder.Dashboard.Api;
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

        api.Get("/caches", json.CacheList, AboutEndpoints.CachesAsync);
        api.Get("/permissions", json.Permissions, request => permissions.OfAsync(request.Context));
        api.Get("/configuration", json.Configuration, AboutEndpoints.ConfigurationAsync);

        var overview = new OverviewEndpoints(options, time, streams, log);
        api.Get("/overview", json.Overview, overview.GetAsync);
        api.Stream("/overview/live", overview.LiveAsync);

        api.Get("/keys", json.KeyList, ScanEndpoints.KeysAsync);
        api.Get("/keys/tree", json.KeyTree, ScanEndpoints.TreeAsync);
        api.Get("/tags/count", json.TagCount, ScanEndpoints.CountAsync);
        api.Get("/tags", json.TagList, ScanEndpoints.TagsAsync);

        var keys = new KeyEndpoints(options, time, permissions, new ValueView(options), audit);
        api.Get("/key", json.KeyDetails, keys.ExplainAsync);
        api.Post("/key", json.KeyDetails, keys.ExplainLongAsync);
        api.Get("/key/value", json.KeyValue, keys.ValueAsync);
        api.Post("/key/value", json.KeyValue, keys.LongValueAsync);

        var invalidations = new InvalidationEndpoints(time, permissions, audit);
        api.Post("/key/expire", json.ActionDone, invalidations.ExpireAsync);
        api.Post("/key/remove", json.ActionDone, invalidations.RemoveAsync);
        api.Post("/key/refresh", json.ActionDone, invalidations.RefreshAsync);
        api.Post("/tags/invalidate", json.ActionDone, invalidations.InvalidateTagsAsync);

        api.Stream("/events", new EventEndpoints(options, time, streams).LiveAsync);
        api.Get("/insights", json.Insights, new InsightEndpoints(options, time).GetAsync);
    }
}
