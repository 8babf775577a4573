using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Invalidation;

/// <summary>Larder on Redis.</summary>
internal sealed class LarderNode : ICacheNode
{
    private static readonly LarderEntryOptions LocalOnly = new()
    {
        Flags = HybridCacheEntryFlags.DisableDistributedCache | HybridCacheEntryFlags.DisableUnderlyingData,
    };

    private readonly ServiceProvider _services;
    private readonly LarderCache _cache;

    public LarderNode(string server)
    {
        _services = new ServiceCollection().AddLarder().UseRedis(server).Services.BuildServiceProvider();
        _cache = _services.GetRequiredService<LarderCache>();
    }

    public Task ReadyAsync() => Task.Delay(TimeSpan.FromSeconds(1));

    public Task LoadAsync(string key) => _cache.GetOrCreateAsync(key, static _ => ValueTask.FromResult("value")).AsTask();

    public Task RemoveAsync(string key) => _cache.RemoveAsync(key).AsTask();

    public bool HasCopy(string key) => _cache.GetOrCreateAsync<string?>(
        key, static _ => throw new InvalidOperationException("Not to be called."), LocalOnly).AsTask().GetAwaiter().GetResult() is not null;

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
