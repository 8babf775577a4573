using Larder;
using Larder.Hosting;
using Larder.Options;
using Larder.Stores;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Larder to an app.</summary>
public static class LarderServiceCollectionExtensions
{
    /// <summary>
    /// Adds the cache: <see cref="LarderCache"/>, also as <see cref="HybridCache"/>. Without a <c>Use…</c> call on the result
    /// it is a cache in memory. Its options are bound from the configuration section <c>Larder</c>.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>A builder for the cache's store.</returns>
    public static ILarderBuilder AddLarder(this IServiceCollection services, Action<LarderOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton<LarderCache>(static provider => provider.GetRequiredKeyedService<LarderCache>(string.Empty));
        services.AddSingleton<HybridCache>(static provider => provider.GetRequiredService<LarderCache>());
        return Add(services, string.Empty, configure);
    }

    /// <summary>
    /// Adds a named cache, a world of its own: get it by <c>[FromKeyedServices("name")]</c> as <see cref="LarderCache"/> or
    /// <see cref="HybridCache"/>. Its options are bound from the configuration section <c>Larder:{name}</c>, and what it
    /// keeps in L2 begins with its name and a colon unless <see cref="LarderOptions.KeyPrefix"/> says otherwise.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="name">The cache's name; at least one character.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>A builder for the cache's store.</returns>
    public static ILarderBuilder AddLarder(this IServiceCollection services, string name, Action<LarderOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.AddKeyedSingleton<HybridCache>(name, static (provider, key) => provider.GetRequiredKeyedService<LarderCache>(key));
        return Add(services, name, configure);
    }

    /// <summary>Gives the cache a store of your own.</summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="create">Makes the store; called once. The cache disposes it.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseStore(this ILarderBuilder builder, Func<IServiceProvider, StoreContext, ILarderStore> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.RemoveAllKeyed<StoreFactory>(builder.Name);
        builder.Services.AddKeyedSingleton(builder.Name, new StoreFactory(create));
        return builder;
    }

    /// <summary>
    /// Serves <see cref="IDistributedCache"/> and <see cref="IBufferDistributedCache"/> over the cache's store, so that session
    /// and anything else that caches bytes uses the same connection. For a named cache they are keyed by its name.
    /// </summary>
    /// <param name="builder">The builder of a cache with a store.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder ServeDistributedCache(this ILarderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (name, services) = (builder.Name, builder.Services);
        if (name.Length == 0)
        {
            services.AddSingleton<IBufferDistributedCache>(static provider => DistributedCacheFactory.Create(provider, string.Empty));
            services.AddSingleton<IDistributedCache>(static provider => provider.GetRequiredService<IBufferDistributedCache>());
        }
        else
        {
            services.AddKeyedSingleton<IBufferDistributedCache>(name, static (provider, key) => DistributedCacheFactory.Create(provider, (string)key!));
            services.AddKeyedSingleton<IDistributedCache>(name, static (provider, key) => provider.GetRequiredKeyedService<IBufferDistributedCache>(key));
        }

        return builder;
    }

    private static LarderBuilder Add(IServiceCollection services, string name, Action<LarderOptions>? configure)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILarderFactory, LarderFactory>();
        var registration = new CacheRegistration(name);
        services.AddKeyedSingleton(name, registration).AddSingleton(registration);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LarderOptions>, LarderOptionsValidator>());
        var options = services.AddOptions<LarderOptions>(name).Configure<IServiceProvider>((options, provider) =>
            provider.GetService<IConfiguration>()?.GetSection(SectionName.Of(name)).Bind(options));
        if (configure is not null)
        {
            options.Configure(configure);
        }

        options.ValidateOnStart();
        services.AddKeyedSingleton(name, static (provider, key) => CacheFactory.Create(provider, (string)key!));
        services.AddSingleton<IHostedService>(provider => new CacheStartup(provider, name));
        return new LarderBuilder(name, services);
    }
}
