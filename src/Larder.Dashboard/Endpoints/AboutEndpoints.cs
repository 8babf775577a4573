using Larder.Dashboard.Api;
using Larder.Dashboard.Requests;
using Larder.Options;
using Larder.Stores;

namespace Larder.Dashboard.Endpoints;

/// <summary>Which caches there are, and how they are set up.</summary>
internal static class AboutEndpoints
{
    public static Task<CacheList> CachesAsync(ApiRequest request) => Task.FromResult(new CacheList(
        [.. request.Caches.Select(static cache => new CacheName(cache.Name, cache.NodeId, cache.Node.Line?.Store.Description))]));

    public static Task<Configuration> ConfigurationAsync(ApiRequest request)
    {
        var (cache, inspector) = (request.Cache, request.Cache.Inspector);
        var section = SectionName.Of(cache.Name);
        var can = inspector.Capabilities ?? StoreCapabilities.None;
        return Task.FromResult(new Configuration(
            cache.Node.Line?.Store.Description,
            NamesOf(can),
            inspector.Capabilities is null ? [] : NamesOf(StoreCapabilities.All & ~can),
            [.. inspector.Settings().Select(setting => new Setting(section, setting.Name, setting.Value, setting.Default, setting.IsChanged))],
            inspector.Findings()));
    }

    private static string[] NamesOf(StoreCapabilities capabilities) =>
    [
        .. Enum.GetValues<StoreCapabilities>()
            .Where(one => one != 0 && ((int)one & ((int)one - 1)) == 0 && capabilities.HasFlag(one))
            .Select(static one => one.ToString()),
    ];
}
