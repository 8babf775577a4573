using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Scale.Nodes;

/// <summary>An app server: a cache with connections of its own.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly LarderEntryOptions LocalOnly = new()
    {
        Flags = HybridCacheEntryFlags.DisableDistributedCache | HybridCacheEntryFlags.DisableUnderlyingData,
    };

    private readonly ServiceProvider _services;

    public Node(string server)
    {
        // A machine that stalls shall not turn hits into misses.
        _services = new ServiceCollection().AddLarder(static options =>
        {
            options.StoreTimeout = TimeSpan.FromSeconds(20);
            options.MaxStaleness = TimeSpan.FromMinutes(1);
        }).UseRedis(server).Services.BuildServiceProvider();
        Cache = _services.GetRequiredService<LarderCache>();
    }

    public LarderCache Cache { get; }

    /// <summary>Whether L1 would serve the key.</summary>
    public bool HasCopy(string key)
    {
        var copy = Cache.GetOrCreateAsync<string?>(key, static _ => throw new InvalidOperationException("Not to be called."), LocalOnly);
        return (copy.IsCompletedSuccessfully ? copy.Result : copy.AsTask().GetAwaiter().GetResult()) is not null;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
