using Larder;
using Larder.Chaos.Options;
using Larder.Chaos.Stores;
using Larder.Hosting;
using Larder.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes the store of a cache fail.</summary>
public static class LarderChaosExtensions
{
    /// <summary>
    /// Makes operations of the cache's store fail, delays them, and loses messages, as <see cref="LarderChaosOptions"/> say; for
    /// tests. Get <see cref="LarderChaos"/> from the service collection to change it while the app runs. What
    /// <c>IDistributedCache</c> does over the store fails too, and its callers get that.
    /// </summary>
    /// <param name="builder">The builder of a cache with a store, given to it before or afterwards.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder WithChaos(this ILarderBuilder builder, Action<LarderChaosOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (name, services) = (builder.Name, builder.Services);
        if (!services.Any(service => service.ServiceType == typeof(LarderChaos) && name.Equals(service.ServiceKey)))
        {
            Add(services, name);
        }

        var options = services.AddOptions<LarderChaosOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        options.ValidateOnStart();
        return builder;
    }

    private static void Add(IServiceCollection services, string name)
    {
        services.AddOptions<LarderChaosOptions>(name).Configure<IServiceProvider>((options, provider) =>
            provider.GetService<IConfiguration>()?.GetSection(SectionName.Of(name, "Chaos")).Bind(options));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LarderChaosOptions>, LarderChaosOptionsValidator>());
        services.AddKeyedSingleton(name, static (provider, key) => new LarderChaos(
            (string)key!,
            provider.GetRequiredService<IOptionsMonitor<LarderChaosOptions>>().Get((string)key!),
            (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<LarderChaos>()));
        services.AddKeyedSingleton(name, new StoreWrapper((provider, context, store) =>
            new ChaosStore(store, provider.GetRequiredKeyedService<LarderChaos>(name), context.TimeProvider)));
        if (name.Length == 0)
        {
            services.AddSingleton(static provider => provider.GetRequiredKeyedService<LarderChaos>(string.Empty));
        }
    }
}
