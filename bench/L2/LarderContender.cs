using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace L2;

/// <summary>Larder; L1 is left out of the reads of hits alone.</summary>
internal sealed class LarderContender : IContender
{
    private static readonly HybridCacheEntryOptions FromL2 = new() { Flags = HybridCacheEntryFlags.DisableLocalCache };

    private readonly ServiceProvider _services;
    private readonly LarderCache _cache;

    public LarderContender(string server)
    {
        // A machine that stalls shall not turn reads into misses.
        _services = new ServiceCollection()
            .AddLarder(static options => options.StoreTimeout = TimeSpan.FromSeconds(20)).UseRedis(server).Services.BuildServiceProvider();
        _cache = _services.GetRequiredService<LarderCache>();
    }

    public bool Has(Operation operation) => true;

    public async ValueTask RunAsync(Operation operation, string key, string value)
    {
        switch (operation)
        {
            case Operation.Hit:
                await _cache.GetOrCreateAsync<string>(key, static _ => throw new InvalidOperationException("Not a hit."), FromL2);
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

    public async Task BatchAsync(string[] keys)
    {
        var found = await _cache.GetOrCreateManyAsync<string>(keys, static (_, _) => throw new InvalidOperationException("Not a hit."), FromL2);
        if (found.Count != keys.Length)
        {
            throw new InvalidOperationException($"{found.Count} of {keys.Length}.");
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
