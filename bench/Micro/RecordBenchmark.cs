using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using ZiggyCreatures.Caching.Fusion;

namespace Micro;

/// <summary>
/// Hits of values that are no strings: a record that nobody can change and that is not marked as such, and a class that anybody
/// can, of which each caller must get a copy of its own: with FusionCache, by its option for that. The other caches give all of them the
/// same object, as they do a string.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class RecordBenchmark
{
    private static readonly FusionCacheEntryOptions Clones = new FusionCacheEntryOptions(TimeSpan.FromMinutes(5)).SetAutoClone(true);

    private Caches _caches = null!;
    private LarderCache _larder = null!;
    private HybridCache _hybrid = null!;
    private IFusionCache _fusion = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _caches = Caches.Create();
        (_larder, _hybrid, _fusion) = (_caches.Larder, _caches.Hybrid, _caches.Fusion);
        await _larder.SetAsync("frozen", new Frozen(1, "Ada Lovelace", "ada@example.com"));
        await _hybrid.SetAsync("frozen", new Frozen(1, "Ada Lovelace", "ada@example.com"));
        await _fusion.SetAsync("frozen", new Frozen(1, "Ada Lovelace", "ada@example.com"));
        await _larder.SetAsync("mutable", new Mutable { Id = 1, Name = "Ada Lovelace", Email = "ada@example.com" });
        await _hybrid.SetAsync("mutable", new Mutable { Id = 1, Name = "Ada Lovelace", Email = "ada@example.com" });
        await _fusion.SetAsync("mutable", new Mutable { Id = 1, Name = "Ada Lovelace", Email = "ada@example.com" }, Clones);
    }

    [GlobalCleanup]
    public void Cleanup() => _caches.Dispose();

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<Frozen> LarderImmutable() => _larder.GetOrCreateAsync("frozen", 0, static (_, _) => ValueTask.FromResult<Frozen>(null!));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<Frozen> HybridCacheImmutable() => _hybrid.GetOrCreateAsync("frozen", 0, static (_, _) => ValueTask.FromResult<Frozen>(null!));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<Mutable> LarderMutable() => _larder.GetOrCreateAsync("mutable", 0, static (_, _) => ValueTask.FromResult<Mutable>(null!));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<Mutable> HybridCacheMutable() => _hybrid.GetOrCreateAsync("mutable", 0, static (_, _) => ValueTask.FromResult<Mutable>(null!));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<Frozen> FusionCacheImmutable() => _fusion.GetOrSetAsync<Frozen>("frozen", static (_, _) => Task.FromResult<Frozen>(null!));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<Mutable> FusionCacheMutable() =>
        _fusion.GetOrSetAsync<Mutable>("mutable", static (_, _) => Task.FromResult<Mutable>(null!), Clones);

    /// <summary>Nobody can change it.</summary>
    public record Frozen(int Id, string Name, string Email);

    /// <summary>Anybody can change it.</summary>
    public class Mutable
    {
        public int Id { get; set; }

        public string Name { get; set; } = "";

        public string Email { get; set; } = "";
    }
}
