using Larder;
using Larder.Distributed;
using Microsoft.Extensions.Caching.Distributed;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a cache on any <see cref="IDistributedCache"/>.</summary>
public static class LarderDistributedCacheExtensions
{
    /// <summary>
    /// Puts the cache on the <see cref="IDistributedCache"/> that is registered, before or after this call:
    /// <c>AddDistributedMemoryCache</c>, SQL Server, NCache, … Such a provider can only get, set and remove, so the freshness
    /// contract holds in a weaker form: a copy in L1 lives no longer than <see cref="LarderOptions.MaxStaleness"/>, each node
    /// runs its own factory, writes are fenced against this node's invalidations only, and deadlines depend on the clocks
    /// of the nodes. The app fails to start if there is none.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseDistributedCache(this ILarderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var registered = builder.Services;
        return builder.UseStore((services, context) => new DistributedCacheStore(Provider(services, registered), context));
    }

    private static IDistributedCache Provider(IServiceProvider services, IServiceCollection registered)
    {
        var last = registered.LastOrDefault(service => service.ServiceType == typeof(IDistributedCache) && !service.IsKeyedService);

        // To ask for it would never end: it asks for the cache, which asks for this.
        if (last?.ImplementationFactory?.Method.Module == typeof(LarderDistributedCacheExtensions).Module)
        {
            throw new InvalidOperationException(
                $"The cache can't use the {nameof(IDistributedCache)} that Larder itself serves ({nameof(UseDistributedCache)} after " +
                $"{nameof(LarderServiceCollectionExtensions.ServeDistributedCache)} or UseRedis): register another one after it, or leave one of the two out.");
        }

        return services.GetService<IDistributedCache>() ?? throw new InvalidOperationException(
            $"{nameof(UseDistributedCache)} was called, but no {nameof(IDistributedCache)} is registered: register one, with " +
            "services.AddDistributedMemoryCache() for example, or call another Use method for the cache's store.");
    }
}
