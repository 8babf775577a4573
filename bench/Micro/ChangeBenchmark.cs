using BenchmarkDotNet.Attributes;
using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using ZiggyCreatures.Caching.Fusion;

namespace Micro;

/// <summary>What changes the cache, on 10,000 keys one after another: a miss whose factory has its value at once, a set, a removal.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ChangeBenchmark
{
    /// <summary>How many keys there are.</summary>
    public const int Count = 10_000;

    private static readonly string[] Keys = [.. Enumerable.Range(0, Count).Select(static i => $"user:{i}")];

    private Caches _caches = null!;
    private LarderCache _larder = null!;
    private HybridCache _hybrid = null!;
    private IFusionCache _fusion = null!;

    [GlobalSetup]
    public void Setup()
    {
        _caches = Caches.Create();
        (_larder, _hybrid, _fusion) = (_caches.Larder, _caches.Hybrid, _caches.Fusion);
    }

    [GlobalCleanup]
    public void Cleanup() => _caches.Dispose();

    [IterationSetup(Targets = [nameof(LarderMiss), nameof(HybridCacheMiss), nameof(FusionCacheMiss)])]
    public void Empty()
    {
        foreach (var key in Keys)
        {
            _larder.RemoveAsync(key).AsTask().Wait();
            _hybrid.RemoveAsync(key).AsTask().Wait();
            _fusion.Remove(key);
        }
    }

    [IterationSetup(Targets = [nameof(LarderSet), nameof(HybridCacheSet), nameof(FusionCacheSet), nameof(LarderRemove), nameof(HybridCacheRemove), nameof(FusionCacheRemove)])]
    public void Fill()
    {
        foreach (var key in Keys)
        {
            _larder.SetAsync(key, "value").AsTask().Wait();
            _hybrid.SetAsync(key, "value").AsTask().Wait();
            _fusion.Set(key, "value");
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
}
