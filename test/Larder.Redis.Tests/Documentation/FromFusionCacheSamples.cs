using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZiggyCreatures.Caching.Fusion;

namespace Larder.Redis.Tests.Documentation;

/// <summary>The code of docs/from-fusioncache.md, as <see cref="FromHybridCacheSamples"/> is that of its neighbour.</summary>
internal static class FromFusionCacheSamples
{
    public static void Before(IHostApplicationBuilder builder)
    {
        // docs: before
        builder.Services.AddStackExchangeRedisCache(options => options.Configuration = "redis:6379");
        builder.Services.AddFusionCacheSystemTextJsonSerializer();
        builder.Services.AddFusionCacheStackExchangeRedisBackplane(options => options.Configuration = "redis:6379");
        builder.Services.AddFusionCache()
            .WithCacheKeyPrefix("shop:")
            .WithRegisteredSerializer()
            .WithRegisteredDistributedCache()
            .WithRegisteredBackplane()
            .WithDefaultEntryOptions(options => options
                .SetDuration(TimeSpan.FromMinutes(5))
                .SetFailSafe(true, maxDuration: TimeSpan.FromHours(2), throttleDuration: TimeSpan.FromSeconds(30))
                .SetFactoryTimeouts(softTimeout: TimeSpan.FromMilliseconds(200), hardTimeout: TimeSpan.FromSeconds(2))
                .SetEagerRefresh(0.9f)
                .SetJittering(TimeSpan.FromSeconds(10)))
            .AsHybridCache();
        // docs: end
    }

    public static void After(IHostApplicationBuilder builder)
    {
        // docs: after
        builder.Services.AddLarder(options =>
        {
            options.KeyPrefix = "shop:";
            options.DefaultEntryOptions = new LarderEntryOptions
            {
                Expiration = TimeSpan.FromMinutes(5),
                FailSafe = new() { MaximumDuration = TimeSpan.FromHours(2), Throttle = TimeSpan.FromSeconds(30) },
                FactoryTimeout = new() { Soft = TimeSpan.FromMilliseconds(200), Hard = TimeSpan.FromSeconds(2) },
                EagerRefresh = 0.9,
                Jitter = TimeSpan.FromSeconds(10),
            };
        }).UseRedis("redis:6379");
        // docs: end
    }

    // docs: theirs
    public static async Task TheirsAsync(IFusionCache cache, Shop shop, int id, CancellationToken cancel)
    {
        var price = await cache.GetOrSetAsync<Price>(
            $"price:{id}", async (context, cancel) => await shop.LoadAsync(id, cancel),
            options => options.SetDuration(TimeSpan.FromMinutes(1)), tags: ["prices"], token: cancel);

        var found = await cache.TryGetAsync<Price>($"price:{id}", token: cancel);
        var other = found.HasValue ? found.Value : null;
        var third = await cache.GetOrDefaultAsync<Price>($"price:{id}", token: cancel);

        await cache.SetAsync($"price:{id}", price, TimeSpan.FromMinutes(1), tags: ["prices"], token: cancel);
        await cache.ExpireAsync($"price:{id}", token: cancel);
        await cache.RemoveAsync($"price:{id}", token: cancel);
        await cache.RemoveByTagAsync("prices", token: cancel);
        await cache.ClearAsync(allowFailSafe: false, token: cancel);
    }
    // docs: end

    // docs: ours
    private static readonly LarderEntryOptions OneMinute = new() { Expiration = TimeSpan.FromMinutes(1) };

    public static async Task OursAsync(LarderCache cache, Shop shop, int id, CancellationToken cancel)
    {
        var price = await cache.GetOrCreateAsync(
            $"price:{id}", (shop, id), static (s, cancel) => s.shop.LoadAsync(s.id, cancel), OneMinute, ["prices"], cancel);

        var found = await cache.TryGetAsync<Price>($"price:{id}", cancel);
        var other = found.Found ? found.Value : null;
        var third = (await cache.TryGetAsync<Price>($"price:{id}", cancel)).Value;

        await cache.SetAsync($"price:{id}", price, OneMinute, ["prices"], cancel);
        await cache.ExpireAsync($"price:{id}", cancel);
        await cache.RemoveAsync($"price:{id}", cancel);
        await cache.RemoveByTagAsync("prices", cancel);
        await cache.ClearAsync(cancel);
    }
    // docs: end

    public static ValueTask<Price> TheirFactoryAsync(IFusionCache cache, HttpClient http, int id, CancellationToken token) =>
        // docs: their factory
        cache.GetOrSetAsync<Price>($"price:{id}", async (context, cancel) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/prices/{id}");
            if (context.HasETag)
            {
                request.Headers.IfNoneMatch.ParseAdd(context.ETag!);
            }

            using var response = await http.SendAsync(request, cancel);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                return context.NotModified();
            }

            if (!response.IsSuccessStatusCode)
            {
                return context.Fail($"The origin said {response.StatusCode}.");
            }

            context.Options.Duration = response.Headers.CacheControl?.MaxAge ?? TimeSpan.FromMinutes(1);
            var price = (await response.Content.ReadFromJsonAsync<Price>(cancel))!;
            context.Tags = [$"supplier:{price.Supplier}"];
            return context.Modified(price, response.Headers.ETag?.ToString());
        }, token: token);
        // docs: end

    public static ValueTask<Price> OurFactoryAsync(LarderCache cache, HttpClient http, int id, CancellationToken token) =>
        // docs: our factory
        cache.GetOrCreateAsync<Price>($"price:{id}", async (context, cancel) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/prices/{id}");
            if (context is { HasExpired: true, ETag: { } etag })
            {
                request.Headers.IfNoneMatch.ParseAdd(etag);
            }

            using var response = await http.SendAsync(request, cancel);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                return context.NotModified();
            }

            response.EnsureSuccessStatusCode();                      // a failure is an exception
            context.Options.Expiration = response.Headers.CacheControl?.MaxAge ?? TimeSpan.FromMinutes(1);
            var price = (await response.Content.ReadFromJsonAsync<Price>(cancel))!;
            context.Tags = [$"supplier:{price.Supplier}"];
            context.ETag = response.Headers.ETag?.ToString();
            return price;
        }, cancellationToken: token);
        // docs: end

    public static LarderCache Named(IServiceProvider services, string tenant)
    {
        // docs: named
        var orders = services.GetRequiredKeyedService<LarderCache>("orders");                 // AddLarder("orders")
        var ofTenant = services.GetRequiredService<ILarderFactory>().GetCache(tenant);        // a name known at run time only
        // docs: end
        return tenant.Length == 0 ? orders : ofTenant;
    }

    public static IDisposable Events(LarderCache cache, Action<string> count) =>
        // docs: events
        cache.Events.Subscribe(happened =>
        {
            if (happened.Kind is LarderEventKind.StaleHit or LarderEventKind.FactoryFailed)
            {
                count(happened.Subject);
            }
        });
        // docs: end

    public static void Both(IHostApplicationBuilder builder)
    {
        // docs: both
        builder.Services.AddLarder("next", options => options.KeyPrefix = "shop:").UseRedis("redis:6379");
        // docs: end
    }

    public static void Old(IHostApplicationBuilder builder)
    {
        // docs: old
        builder.Services.AddLarder(options => options.KeyPrefix = "shop:").UseRedis("redis:6379");
        builder.Services.AddStackExchangeRedisCache(options => options.Configuration = "redis:6379");     // after AddLarder
        builder.Services.AddFusionCacheSystemTextJsonSerializer();
        builder.Services.AddFusionCacheStackExchangeRedisBackplane(options => options.Configuration = "redis:6379");
        builder.Services.AddFusionCache()
            .WithCacheKeyPrefix("shop:")
            .WithRegisteredSerializer()
            .WithRegisteredDistributedCache()
            .WithRegisteredBackplane();                              // no AsHybridCache: HybridCache is Larder's
        // docs: end
    }

    // docs: changed
    public static async Task ChangedAsync(IFusionCache cache, [FromKeyedServices("next")] HybridCache next, int id)
    {
        await cache.RemoveAsync($"price:{id}");
        await next.RemoveAsync($"price:{id}");
    }
    // docs: end

    internal sealed record Price(int Id, decimal Amount, string Supplier);

    internal sealed class Shop
    {
        public ValueTask<Price> LoadAsync(int id, CancellationToken cancel) =>
            cancel.IsCancellationRequested ? ValueTask.FromCanceled<Price>(cancel) : new(new Price(id, 1, "s"));
    }
}
