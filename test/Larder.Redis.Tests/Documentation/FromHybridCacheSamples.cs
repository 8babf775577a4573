using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larder.Redis.Tests.Documentation;

/// <summary>
/// The code of docs/from-hybridcache.md, so that it compiles: each sample of the page is what stands between <c>docs: name</c> and
/// <c>docs: end</c> here.
/// </summary>
internal static class FromHybridCacheSamples
{
    public static void Before(IHostApplicationBuilder builder)
    {
        // docs: before
        builder.Services.AddStackExchangeRedisCache(options =>
        {
            options.Configuration = "redis:6379";
            options.InstanceName = "shop:";
        });
        builder.Services.AddHybridCache(options =>
        {
            options.MaximumPayloadBytes = 4 * 1024 * 1024;
            options.DefaultEntryOptions = new HybridCacheEntryOptions
            {
                Expiration = TimeSpan.FromMinutes(10),
                LocalCacheExpiration = TimeSpan.FromSeconds(30),     // how stale other servers may be
            };
        }).AddSerializer<Price, PriceSerializer>();
        // docs: end
    }

    public static void After(IHostApplicationBuilder builder)
    {
        // docs: after
        builder.Services.AddLarder(options =>
        {
            options.KeyPrefix = "shop2:";                            // not "shop:" - see "A running fleet"
            options.MaximumPayloadBytes = 4 * 1024 * 1024;
            options.DefaultEntryOptions.Expiration = TimeSpan.FromMinutes(10);
        }).UseRedis("redis:6379");
        builder.Services.AddSingleton<IHybridCacheSerializer<Price>, PriceSerializer>();
        // docs: end
    }

    public static void Keyed(IHostApplicationBuilder builder)
    {
        // docs: keyed
        builder.Services.AddKeyedHybridCache("orders");              // before

        builder.Services.AddLarder("orders").UseRedis("redis:6379"); // after: [FromKeyedServices("orders")] HybridCache
        // docs: end
    }

    public static void Json(IServiceCollection services, JsonSerializerOptions options)
    {
        // docs: json
        services.AddKeyedSingleton<JsonSerializerOptions>(typeof(IHybridCacheSerializer<>), options);
        // docs: end
    }

    // docs: more
    private static readonly LarderEntryOptions Prices = new()
    {
        Expiration = TimeSpan.FromMinutes(5),
        FailSafe = new() { MaximumDuration = TimeSpan.FromHours(2) },
        FactoryTimeout = new() { Soft = TimeSpan.FromMilliseconds(200) },
    };

    public static ValueTask<Price> PriceAsync(HybridCache cache, Shop shop, int id, CancellationToken cancel) =>
        cache.GetOrCreateAsync($"price:{id}", (shop, id), static (s, cancel) => s.shop.LoadAsync(s.id, cancel), Prices, ["prices"], cancel);
    // docs: end

    public static void Both(IHostApplicationBuilder builder)
    {
        // docs: both
        builder.Services.AddLarder("next", options => options.KeyPrefix = "shop2:").UseRedis("redis:6379");
        // docs: end
    }

    public static void Old(IHostApplicationBuilder builder)
    {
        // docs: old
        builder.Services.AddLarder(options => options.KeyPrefix = "shop2:").UseRedis("redis:6379");
        builder.Services.AddStackExchangeRedisCache(options =>       // after AddLarder: the last IDistributedCache counts
        {
            options.Configuration = "redis:6379";
            options.InstanceName = "shop:";
        });
        builder.Services.AddKeyedHybridCache("old");                 // for RemoveAsync and RemoveByTagAsync alone
        // docs: end
    }

    // docs: changed
    public static async Task ChangedAsync(HybridCache cache, [FromKeyedServices("next")] HybridCache next, int id)
    {
        await cache.RemoveAsync($"price:{id}");
        await next.RemoveAsync($"price:{id}");
    }
    // docs: end

    internal sealed record Price(int Id, decimal Amount);

    internal sealed class Shop
    {
        public ValueTask<Price> LoadAsync(int id, CancellationToken cancel) =>
            cancel.IsCancellationRequested ? ValueTask.FromCanceled<Price>(cancel) : new(new Price(id, 1));
    }

    internal sealed class PriceSerializer : IHybridCacheSerializer<Price>
    {
        public Price Deserialize(ReadOnlySequence<byte> source) => JsonSerializer.Deserialize<Price>(source.ToArray())!;

        public void Serialize(Price value, IBufferWriter<byte> target) => target.Write(JsonSerializer.SerializeToUtf8Bytes(value));
    }
}
