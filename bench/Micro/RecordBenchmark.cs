using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Larder;
using Microsoft.Extensions.Caching.Hybrid;

namespace Micro;

/// <summary>
/// Hits of values that are no strings: a record that nobody can change and that is not marked as such, and a class that anybody
/// can, of which each caller must get a copy of its own.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class RecordBenchmark
{
    private Caches _caches = null!;
    private LarderCache _larder = null!;
    private HybridCache _hybrid = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _caches = Caches.Create();
        (_larder, _hybrid) = (_caches.Larder, _caches.Hybrid);
        await _larder.SetAsync("frozen", new Frozen(1, "Ada Lovelace", "ada@example.com"));
        await _hybrid.SetAsync("frozen", new Frozen(1, "Ada Lovelace", "ada@example.com"));
        await _larder.SetAsync("mutable", new Mutable { Id = 1, Name = "Ada Lovelace", Email = "ada@example.com" });
        await _hybrid.SetAsync("mutable", new Mutable { Id = 1, Name = "Ada Lovelace", Email = "ada@example.com" });
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
