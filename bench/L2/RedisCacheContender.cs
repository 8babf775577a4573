using System.Text;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace L2;

/// <summary>Microsoft's RedisCache, as apps use it: look, ask the origin, store.</summary>
internal sealed class RedisCacheContender : IContender
{
    private static readonly DistributedCacheEntryOptions Options = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(5) };

    private readonly ServiceProvider _services;
    private readonly IDistributedCache _cache;

    public RedisCacheContender(string server)
    {
        _services = new ServiceCollection().AddStackExchangeRedisCache(options => options.Configuration = server).BuildServiceProvider();
        _cache = _services.GetRequiredService<IDistributedCache>();
    }

    public bool Has(Operation operation) => operation != Operation.RemoveByTag;

    public async ValueTask RunAsync(Operation operation, string key, string value)
    {
        switch (operation)
        {
            case Operation.Hit:
                await HitAsync(key);
                break;
            case Operation.Miss:
                if (await _cache.GetAsync(key) is null)
                {
                    await _cache.SetAsync(key, Encoding.UTF8.GetBytes(value), Options);
                }

                break;
            case Operation.Set:
                await _cache.SetAsync(key, Encoding.UTF8.GetBytes(value), Options);
                break;
            case Operation.Remove:
                await _cache.RemoveAsync(key);
                break;
        }
    }

    public Task BatchAsync(string[] keys) => Task.WhenAll(keys.Select(HitAsync));

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task<string> HitAsync(string key) =>
        Encoding.UTF8.GetString(await _cache.GetAsync(key) ?? throw new InvalidOperationException("Not a hit."));
}
