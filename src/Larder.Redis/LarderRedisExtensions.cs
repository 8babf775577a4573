using Larder;
using Larder.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a cache on a Redis-protocol server: Redis, Valkey, Garnet, Azure.</summary>
public static class LarderRedisExtensions
{
    /// <summary>
    /// Puts the cache on Redis. <c>IDistributedCache</c> and <c>IBufferDistributedCache</c> are served over the same
    /// connection.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="configuration">StackExchange.Redis's configuration text: <c>localhost:6379,password=…</c>.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseRedis(this ILarderBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        return builder.UseRedis(options => options.Configuration = configuration);
    }

    /// <summary>
    /// Puts the cache on the Redis that the setting <c>Larder:Redis:Configuration</c> names (<c>Larder:{name}:Redis:…</c>
    /// for a named cache).
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseRedis(this ILarderBuilder builder) => builder.UseRedis(static _ => { });

    /// <summary>
    /// Puts the cache on Redis, as <see cref="LarderRedisOptions"/> say. <c>IDistributedCache</c> and
    /// <c>IBufferDistributedCache</c> are served over the same connection.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseRedis(this ILarderBuilder builder, Action<LarderRedisOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = builder.Name;
        var section = name.Length == 0 ? "Larder:Redis" : $"Larder:{name}:Redis";
        builder.Services.AddOptions<LarderRedisOptions>(name)
            .Configure<IServiceProvider>((options, provider) =>
            {
                var configuration = provider.GetService<IConfiguration>()?.GetSection(section);
                options.Configuration = configuration?[nameof(options.Configuration)];
                if (configuration?[nameof(options.AfterFailover)] is { Length: > 0 } afterFailover)
                {
                    options.AfterFailover = LarderRedisOptionsValidator.ParseAfterFailover(afterFailover, section);
                }

                if (configuration?[nameof(options.WaitForReplicas)] is { Length: > 0 } replicas)
                {
                    options.WaitForReplicas = LarderRedisOptionsValidator.ParseWaitForReplicas(replicas, section);
                }

                if (configuration?[nameof(options.ReplicaTimeout)] is { Length: > 0 } timeout)
                {
                    options.ReplicaTimeout = LarderRedisOptionsValidator.ParseReplicaTimeout(timeout, section);
                }
            })
            .Configure(configure)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LarderRedisOptions>>(new LarderRedisOptionsValidator(name, section));
        return builder.UseStore((provider, context) =>
            {
                var options = provider.GetRequiredService<IOptionsMonitor<LarderRedisOptions>>().Get(name);
                return RedisStore.Create(context, options, provider);
            })
            .ServeDistributedCache();
    }
}
