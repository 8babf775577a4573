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
    public static ILarderBuilder UseDistributedCache(this ILarderBuilder builder) => Use(builder, serviceKey: null);

    /// <summary>
    /// Puts the cache on the <see cref="IDistributedCache"/> that is registered under a key, where an app has several; all else is
    /// as without one.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="serviceKey">The key, as given to <c>AddKeyedSingleton&lt;IDistributedCache&gt;</c>.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseDistributedCache(this ILarderBuilder builder, object serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return Use(builder, serviceKey);
    }

    private static ILarderBuilder Use(ILarderBuilder builder, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var registered = builder.Services;
        return builder.UseStore((services, context) => new DistributedCacheStore(Provider(services, registered, serviceKey), context));
    }

    private static IDistributedCache Provider(IServiceProvider services, IServiceCollection registered, object? serviceKey)
    {
        var last = registered.LastOrDefault(service => service.ServiceType == typeof(IDistributedCache) && Equals(service.ServiceKey, serviceKey));
        var factory = last is { IsKeyedService: true } ? last.KeyedImplementationFactory?.Method : last?.ImplementationFactory?.Method;

        // To ask for it would never end: it asks for the cache, which asks for this.
        if (factory?.Module == typeof(LarderDistributedCacheExtensions).Module)
        {
            throw new InvalidOperationException(
                $"The cache can't use the {nameof(IDistributedCache)} that Larder itself serves ({nameof(UseDistributedCache)} after " +
                $"{nameof(LarderServiceCollectionExtensions.ServeDistributedCache)} or UseRedis): register another one after it, or leave one of the two out.");
        }

        return (serviceKey is null ? services.GetService<IDistributedCache>() : services.GetKeyedService<IDistributedCache>(serviceKey))
            ?? throw new InvalidOperationException(serviceKey is null
                ? $"{nameof(UseDistributedCache)} was called, but no {nameof(IDistributedCache)} is registered: register one, with " +
                  "services.AddDistributedMemoryCache() for example, or call another Use method for the cache's store."
                : $"{nameof(UseDistributedCache)} was called with the key '{serviceKey}', under which no {nameof(IDistributedCache)} is registered: " +
                  "register one, with services.AddKeyedSingleton<IDistributedCache>(...), or leave the key out.");
    }
}
