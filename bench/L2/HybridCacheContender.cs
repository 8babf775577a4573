using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace L2;

/// <summary>HybridCache over RedisCache; L1 is left out of the reads of hits alone.</summary>
internal sealed class HybridCacheContender : IContender
{
    private static readonly HybridCacheEntryOptions FromL2 = new() { Flags = HybridCacheEntryFlags.DisableLocalCache };

    private readonly ServiceProvider _services;
    private readonly HybridCache _cache;

    public HybridCacheContender(string server)
    {
        var services = new ServiceCollection();
        services.AddStackExchangeRedisCache(options => options.Configuration = server);
        services.AddHybridCache();
        _services = services.BuildServiceProvider();
        _cache = _services.GetRequiredService<HybridCache>();
    }

    public bool Has(Operation operation) => true;

    public async ValueTask RunAsync(Operation operation, string key, string value)
    {
        switch (operation)
        {
            case Operation.Hit:
                await HitAsync(key);
                break;
            case Operation.Miss:
                await _cache.GetOrCreateAsync(key, value, static (made, _) => ValueTask.FromResult(made));
                break;
            case Operation.Set:
                await _cache.SetAsync(key, value);
                break;
            case Operation.Remove:
                await _cache.RemoveAsync(key);
                break;
            case Operation.RemoveByTag:
                await _cache.RemoveByTagAsync(key);
                break;
        }
    }

    public Task BatchAsync(string[] keys) => Task.WhenAll(keys.Select(key => HitAsync(key).AsTask()));

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private ValueTask<string> HitAsync(string key) =>
        _cache.GetOrCreateAsync<string>(key, static _ => throw new InvalidOperationException("Not a hit."), FromL2);
}
