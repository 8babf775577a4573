using Larder.Redis;
using Larder.Redis.Connections;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace Larder.Consistency;

/// <summary>Sets up the cache under test, each as its documentation says, behind the type that all of them have in common.</summary>
internal static class Caches
{
    /// <summary>Long enough that nothing expires in a short run: what is stale stays so unless the cache does something about it.</summary>
    private static readonly TimeSpan Expiration = TimeSpan.FromMinutes(5);

    public static void Add(IServiceCollection services, CacheKind kind, string server)
    {
        switch (kind)
        {
            case CacheKind.Larder:
                AddLarder(services).UseRedis(server);
                break;
            case CacheKind.LarderOverflow:
                AddLarder(services, static options =>
                {
                    options.Local.MaximumEntries = SharedState.Keys / 4;
                    options.Local.Overflow.Directory = Path.Combine(Path.GetTempPath(), "larder-consistency-overflow");
                    options.Local.Overflow.MaximumBytes = 1 << 20;
                }).UseRedis(server);
                break;
            case CacheKind.WithoutFence or CacheKind.WithoutFeed:
                AddLarder(services).UseStore((provider, context) => new BrokenStore(
                    new RedisStore(context, new RedisConnection(new LarderRedisOptions { Configuration = server }, provider, context.NodeId)), kind));
                break;
            case CacheKind.HybridCache:
                services.AddStackExchangeRedisCache(options => options.ConfigurationOptions = Forgiving(server));
                services.AddHybridCache(options => options.DefaultEntryOptions = new() { Expiration = Expiration, LocalCacheExpiration = Expiration });
                break;
            case CacheKind.FusionCache:
                services.AddStackExchangeRedisCache(options => options.ConfigurationOptions = Forgiving(server));
                services.AddFusionCacheSystemTextJsonSerializer();
                services.AddFusionCacheStackExchangeRedisBackplane(options => options.ConfigurationOptions = Forgiving(server));
                services.AddFusionCache()
                    .WithDefaultEntryOptions(options => options.SetDuration(Expiration))
                    .WithRegisteredSerializer()
                    .WithRegisteredDistributedCache()
                    .WithRegisteredBackplane()
                    .AsHybridCache();
                break;
            case CacheKind.Origin:
                services.AddSingleton<HybridCache, NoCache>();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>Waits until what Larder has queued is delivered: only then is it complete for the other nodes.</summary>
    public static async Task DeliveredAsync(IServiceProvider services)
    {
        if (services.GetService<HealthCheckService>() is not { } health)
        {
            return;
        }

        while ((await health.CheckHealthAsync()).Entries.Values.Any(entry => entry.Data["undelivered"] is > 0))
        {
            await Task.Delay(20);
        }
    }

    private static ILarderBuilder AddLarder(IServiceCollection services, Action<LarderOptions>? configure = null)
    {
        services.AddHealthChecks().AddLarderHealthCheck();
        return services.AddLarder(options =>
        {
            options.DefaultEntryOptions.Expiration = Expiration;
            configure?.Invoke(options);
        });
    }

    private static ConfigurationOptions Forgiving(string server)
    {
        var options = ConfigurationOptions.Parse(server);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(1000);
        return options;
    }
}
