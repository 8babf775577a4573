using Larder.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Hosting;

/// <summary>Makes the <c>IDistributedCache</c> that a cache's store serves.</summary>
internal static class DistributedCacheFactory
{
    public static StoreDistributedCache Create(IServiceProvider services, string name)
    {
        var node = services.GetRequiredKeyedService<LarderCache>(name).Node;
        return node.Line is { } line
            ? new StoreDistributedCache(line.Store, node.Clock.Provider, () => node.Tags.Now, node.Local.Invalidate)
            : throw new InvalidOperationException($"The cache '{name}' has no store that could serve IDistributedCache: call UseRedis or another Use method.");
    }
}
