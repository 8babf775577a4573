using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;

namespace L2;

/// <summary>FusionCache over RedisCache, with its Redis backplane; L1 is left out of the reads of hits alone.</summary>
internal sealed class FusionCacheContender : IContender
{
    private static readonly FusionCacheEntryOptions FromL2 = new FusionCacheEntryOptions(TimeSpan.FromMinutes(5)).SetSkipMemoryCache(true);

    private readonly ServiceProvider _services;
    private readonly IFusionCache _cache;

    public FusionCacheContender(string server)
    {
        var services = new ServiceCollection();
        services.AddStackExchangeRedisCache(options => options.Configuration = server);
        services.AddFusionCacheSystemTextJsonSerializer();
        services.AddFusionCacheStackExchangeRedisBackplane(options => options.Configuration = server);
        services.AddFusionCache()
            .WithDefaultEntryOptions(static options => options.SetDuration(TimeSpan.FromMinutes(5)))
            .WithRegisteredSerializer()
            .WithRegisteredDistributedCache()
            .WithRegisteredBackplane();
        _services = services.BuildServiceProvider();
        _cache = _services.GetRequiredService<IFusionCache>();
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
                await _cache.GetOrSetAsync<string>(key, (_, _) => Task.FromResult(value));
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
        _cache.GetOrSetAsync<string>(key, static (_, _) => throw new InvalidOperationException("Not a hit."), FromL2);
}
