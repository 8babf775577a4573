using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using BitFaster.Caching.Lru;
using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using ZiggyCreatures.Caching.Fusion;

namespace Micro;

/// <summary>What changes the cache, on 10,000 keys one after another: a miss whose factory has its value at once, a set, a removal.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ChangeBenchmark
{
    /// <summary>How many keys there are.</summary>
    public const int Count = 10_000;

    private static readonly TimeSpan Expiration = TimeSpan.FromMinutes(5);
    private static readonly string[] Keys = [.. Enumerable.Range(0, Count).Select(static i => $"user:{i}")];

    private readonly ConcurrentDictionary<string, string> _dictionary = new(StringComparer.Ordinal);
    private readonly ConcurrentLru<string, string> _lru = new(Count + 1000);

    private Caches _caches = null!;
    private LarderCache _larder = null!;
    private HybridCache _hybrid = null!;
    private IFusionCache _fusion = null!;
    private MemoryCache _memory = null!;

    [GlobalSetup]
    public void Setup()
    {
        _caches = Caches.Create();
        (_larder, _hybrid, _fusion, _memory) = (_caches.Larder, _caches.Hybrid, _caches.Fusion, _caches.Memory);
    }

    [GlobalCleanup]
    public void Cleanup() => _caches.Dispose();

    [IterationSetup(Targets = [
        nameof(LarderMiss), nameof(HybridCacheMiss), nameof(FusionCacheMiss), nameof(MemoryCacheMiss), nameof(BitFasterLruMiss), nameof(DictionaryMiss)])]
    public void Empty()
    {
        foreach (var key in Keys)
        {
            _larder.RemoveAsync(key).AsTask().Wait();
            _hybrid.RemoveAsync(key).AsTask().Wait();
            _fusion.Remove(key);
            _memory.Remove(key);
            _lru.TryRemove(key);
            _dictionary.TryRemove(key, out _);
        }
    }

    [IterationSetup(Targets = [
        nameof(LarderSet), nameof(HybridCacheSet), nameof(FusionCacheSet), nameof(MemoryCacheSet), nameof(BitFasterLruSet), nameof(DictionarySet),
        nameof(LarderRemove), nameof(HybridCacheRemove), nameof(FusionCacheRemove), nameof(MemoryCacheRemove), nameof(BitFasterLruRemove), nameof(DictionaryRemove)])]
    public void Fill()
    {
        foreach (var key in Keys)
        {
            _larder.SetAsync(key, "value").AsTask().Wait();
            _hybrid.SetAsync(key, "value").AsTask().Wait();
            _fusion.Set(key, "value");
            _memory.Set(key, "value", Expiration);
            _lru.AddOrUpdate(key, "value");
            _dictionary[key] = "value";
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task LarderMiss()
    {
        foreach (var key in Keys)
        {
            await _larder.GetOrCreateAsync(key, 0, static (_, _) => ValueTask.FromResult("made"));
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task HybridCacheMiss()
    {
        foreach (var key in Keys)
        {
            await _hybrid.GetOrCreateAsync(key, 0, static (_, _) => ValueTask.FromResult("made"));
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task FusionCacheMiss()
    {
        foreach (var key in Keys)
        {
            await _fusion.GetOrSetAsync<string>(key, static (_, _) => Task.FromResult("made"));
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task MemoryCacheMiss()
    {
        foreach (var key in Keys)
        {
            _memory.GetOrCreate(key, static entry =>
            {
                entry.AbsoluteExpirationRelativeToNow = Expiration;
                return "made";
            });
        }

        return Task.CompletedTask;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task BitFasterLruMiss()
    {
        foreach (var key in Keys)
        {
            _lru.GetOrAdd(key, static _ => "made");
        }

        return Task.CompletedTask;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task DictionaryMiss()
    {
        foreach (var key in Keys)
        {
            _dictionary.GetOrAdd(key, static _ => "made");
        }

        return Task.CompletedTask;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task LarderSet()
    {
        foreach (var key in Keys)
        {
            await _larder.SetAsync(key, "other");
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task HybridCacheSet()
    {
        foreach (var key in Keys)
        {
            await _hybrid.SetAsync(key, "other");
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task FusionCacheSet()
    {
        foreach (var key in Keys)
        {
            await _fusion.SetAsync(key, "other");
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task MemoryCacheSet()
    {
        foreach (var key in Keys)
        {
            _memory.Set(key, "other", Expiration);
        }

        return Task.CompletedTask;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task BitFasterLruSet()
    {
        foreach (var key in Keys)
        {
            _lru.AddOrUpdate(key, "other");
        }

        return Task.CompletedTask;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task DictionarySet()
    {
        foreach (var key in Keys)
        {
            _dictionary[key] = "other";
        }

        return Task.CompletedTask;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task LarderRemove()
    {
        foreach (var key in Keys)
        {
            await _larder.RemoveAsync(key);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task HybridCacheRemove()
    {
        foreach (var key in Keys)
        {
            await _hybrid.RemoveAsync(key);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task FusionCacheRemove()
    {
        foreach (var key in Keys)
        {
            await _fusion.RemoveAsync(key);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task MemoryCacheRemove()
    {
        foreach (var key in Keys)
        {
            _memory.Remove(key);
        }

        return Task.CompletedTask;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task BitFasterLruRemove()
    {
        foreach (var key in Keys)
        {
            _lru.TryRemove(key);
        }

        return Task.CompletedTask;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task DictionaryRemove()
    {
        foreach (var key in Keys)
        {
            _dictionary.TryRemove(key, out _);
        }

        return Task.CompletedTask;
    }
}
