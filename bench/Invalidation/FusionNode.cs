using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;

namespace Invalidation;

/// <summary>FusionCache on Redis, with its Redis backplane.</summary>
internal sealed class FusionNode : ICacheNode
{
    private static readonly FusionCacheEntryOptions LocalOnly = new FusionCacheEntryOptions(TimeSpan.FromMinutes(5)).SetSkipDistributedCacheRead(true);

    private readonly ServiceProvider _services;
    private readonly IFusionCache _cache;

    public FusionNode(string server)
    {
        var services = new ServiceCollection();
        services.AddStackExchangeRedisCache(options => options.Configuration = server);
        services.AddFusionCacheSystemTextJsonSerializer();
        services.AddFusionCacheStackExchangeRedisBackplane(options => options.Configuration = server);
        services.AddFusionCache()
            .WithDefaultEntryOptions(options => options.SetDuration(TimeSpan.FromMinutes(5)))
            .WithRegisteredSerializer()
            .WithRegisteredDistributedCache()
            .WithRegisteredBackplane();
        _services = services.BuildServiceProvider();
        _cache = _services.GetRequiredService<IFusionCache>();
    }

    public Task ReadyAsync() => Task.Delay(TimeSpan.FromSeconds(1));

    public Task LoadAsync(string key) => _cache.GetOrSetAsync<string>(key, static (_, _) => Task.FromResult("value")).AsTask();

    public Task RemoveAsync(string key) => _cache.RemoveAsync(key).AsTask();

    public bool HasCopy(string key) => _cache.TryGet<string>(key, LocalOnly).HasValue;

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
