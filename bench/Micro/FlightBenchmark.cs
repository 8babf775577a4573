using BenchmarkDotNet.Attributes;
using BitFaster.Caching;
using BitFaster.Caching.Lru;
using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using ZiggyCreatures.Caching.Fusion;

namespace Micro;

/// <summary>10,000 callers that come while the factory of their key runs: from its end until the last of them has the value.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class FlightBenchmark
{
    /// <summary>How many they are.</summary>
    internal const int Count = 10_000;

    private readonly IAsyncCache<string, string> _atomic =
        new ConcurrentLruBuilder<string, string>().WithCapacity(1000).AsAsyncCache().WithAtomicGetOrAdd().Build();

    private readonly Task<string>[] _calls = new Task<string>[Count];

    private Caches _caches = null!;
    private LarderCache _larder = null!;
    private HybridCache _hybrid = null!;
    private IFusionCache _fusion = null!;
    private TaskCompletionSource<string> _origin = null!;

    [GlobalSetup]
    public void Setup()
    {
        _caches = Caches.Create();
        (_larder, _hybrid, _fusion) = (_caches.Larder, _caches.Hybrid, _caches.Fusion);
    }

    [GlobalCleanup]
    public void Cleanup() => _caches.Dispose();

    [IterationSetup(Target = nameof(Larder))]
    public void BeginLarder() => Begin(
        () => _larder.RemoveAsync("key"), () => _larder.GetOrCreateAsync("key", _origin.Task, static (origin, _) => new ValueTask<string>(origin)));

    [IterationSetup(Target = nameof(HybridCache))]
    public void BeginHybridCache() => Begin(
        () => _hybrid.RemoveAsync("key"), () => _hybrid.GetOrCreateAsync("key", _origin.Task, static (origin, _) => new ValueTask<string>(origin)));

    [IterationSetup(Target = nameof(FusionCache))]
    public void BeginFusionCache() => Begin(
        () => _fusion.RemoveAsync("key"), () => _fusion.GetOrSetAsync<string>("key", (_, _) => _origin.Task));

    [IterationSetup(Target = nameof(BitFasterAtomic))]
    public void BeginBitFasterAtomic() => Begin(
        RemoveFromAtomic, () => _atomic.GetOrAddAsync("key", static (_, origin) => origin, _origin.Task));

    [Benchmark(OperationsPerInvoke = Count)]
    public Task Larder() => EndAsync();

    [Benchmark(OperationsPerInvoke = Count)]
    public Task HybridCache() => EndAsync();

    [Benchmark(OperationsPerInvoke = Count)]
    public Task FusionCache() => EndAsync();

    /// <summary>BitFaster's LRU with atomic values: the one of the bare caches that lets callers share a factory.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public Task BitFasterAtomic() => EndAsync();

    private ValueTask RemoveFromAtomic()
    {
        _atomic.TryRemove("key");
        return ValueTask.CompletedTask;
    }

    private void Begin(Func<ValueTask> remove, Func<ValueTask<string>> get)
    {
        remove().AsTask().Wait();
        _origin = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < Count; i++)
        {
            _calls[i] = CallAsync(get);
        }
    }

    // As a request does: it goes on when it has the value.
    private static async Task<string> CallAsync(Func<ValueTask<string>> get) => await get();

    private Task<string[]> EndAsync()
    {
        _origin.SetResult("made");
        return Task.WhenAll(_calls);
    }
}
