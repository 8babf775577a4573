using Larder;
using Larder.OutputCaching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps ASP.NET Core's output cache in a Larder cache.</summary>
public static class LarderOutputCacheExtensions
{
    /// <summary>
    /// Adds output caching (as <c>AddOutputCache</c> does; the app calls <c>UseOutputCache</c>) that keeps its pages in the
    /// default cache: in this server's memory, and in its store for all servers. <c>EvictByTagAsync</c> is the cache's
    /// <see cref="LarderCache.RemoveByTagAsync(string, CancellationToken)"/>, and the other way round: it takes the pages and the
    /// entries that carry the tag, on all servers. What was rendered before an eviction is not kept after it.
    /// </summary>
    /// <param name="services">The app's services; <c>AddLarder</c> adds the cache, before or after this.</param>
    /// <param name="configure">Sets options of the output cache.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLarderOutputCache(this IServiceCollection services, Action<OutputCacheOptions>? configure = null) =>
        AddLarderOutputCache(services, string.Empty, configure);

    /// <summary>As the other overload, with the pages in a named cache: of its bounds in memory, its prefix and its tags.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="cacheName">The name of a cache, as <see cref="ILarderFactory.GetCache"/> takes it.</param>
    /// <param name="configure">Sets options of the output cache.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLarderOutputCache(
        this IServiceCollection services, string cacheName, Action<OutputCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(cacheName);
        services.AddOutputCache();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddHttpContextAccessor();
        services.Replace(ServiceDescriptor.Singleton<IOutputCacheStore>(provider => Create(provider, cacheName)));
        return services;
    }

    private static LarderOutputCacheStore Create(IServiceProvider provider, string cacheName)
    {
        var caches = provider.GetService<ILarderFactory>() ?? throw new InvalidOperationException(
            "AddLarderOutputCache found no cache to keep pages in: call services.AddLarder().");
        return new LarderOutputCacheStore(
            caches.GetCache(cacheName),
            provider.GetRequiredService<IHttpContextAccessor>(),
            provider.GetRequiredService<ILogger<LarderOutputCacheStore>>());
    }
}
