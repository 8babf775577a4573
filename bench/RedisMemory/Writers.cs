using Larder;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RedisMemory;

/// <summary>The two sides, each written to as an app would.</summary>
internal static class Writers
{
    public static async Task RedisCacheAsync(string server, Shape shape)
    {
        using var cache = new RedisCache(Options.Create(new RedisCacheOptions { Configuration = server }));
        var options = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = shape.Absolute, SlidingExpiration = shape.Sliding };
        for (var number = 0; number < Load.Entries; number++)
        {
            await cache.SetAsync(Load.Key(number), Load.Payload(number), options);
        }
    }

    /// <summary>By a miss each: a lease, and a commit under it.</summary>
    public static async Task LarderAsync(string server, Shape shape)
    {
        var services = new ServiceCollection();
        services.AddLarder().UseRedis(server);
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<LarderCache>();
        var options = new LarderEntryOptions { Expiration = shape.Absolute, SlidingExpiration = shape.Sliding };
        for (var number = 0; number < Load.Entries; number++)
        {
            await cache.GetOrCreateAsync(
                Load.Key(number), number, static (number, _) => ValueTask.FromResult(Load.Payload(number)), options, shape.Tags);
        }
    }
}
