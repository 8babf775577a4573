using BenchmarkDotNet.Attributes;
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

    [Benchmark(OperationsPerInvoke = Count)]
    public Task Larder() => EndAsync();

    [Benchmark(OperationsPerInvoke = Count)]
    public Task HybridCache() => EndAsync();

    [Benchmark(OperationsPerInvoke = Count)]
    public Task FusionCache() => EndAsync();

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
