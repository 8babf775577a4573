using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using BitFaster.Caching;
using BitFaster.Caching.Lru;
using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using ZiggyCreatures.Caching.Fusion;

namespace Micro;

/// <summary>
/// A hit in memory: what each cache takes to hand out a string that is there, among 10,000. Where it can make one that isn't there, by
/// a factory with a state or one that closes over it; by a key that is no string yet; with tags.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class HitBenchmark
{
    private const int Count = 10_000;
    private const int Id = 4242;
    private const int KeyLength = 32;

    private static readonly string[] Tags = ["one", "two"];

    private readonly ConcurrentDictionary<string, string> _dictionary = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Typed> _prototype = new(StringComparer.Ordinal);
    private readonly ConcurrentLru<string, string> _lru = new(Count + 1000);

    private ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _dictionaryBySpan;
    private IAlternateLookup<ReadOnlySpan<char>, string, string> _lruBySpan = null!;

    private MemoryCache _memory = null!;
    private Caches _caches = null!;
    private LarderCache _larder = null!;
    private HybridCache _hybrid = null!;
    private IFusionCache _fusion = null!;
    private string _key = null!;
    private string _tagged = null!;
    private int _id;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _caches = Caches.Create();
        (_larder, _hybrid, _fusion, _memory) = (_caches.Larder, _caches.Hybrid, _caches.Fusion, _caches.Memory);
        for (var i = 0; i < Count; i++)
        {
            var (key, value) = ($"user:{i}", $"value {i}");
            _dictionary[key] = value;
            _prototype[key] = new Typed<string>(value, Environment.TickCount64 + 3_600_000);
            _memory.Set(key, value, TimeSpan.FromMinutes(60));
            _lru.AddOrUpdate(key, value);
            await _larder.SetAsync(key, value);
            await _hybrid.SetAsync(key, value);
            await _fusion.SetAsync(key, value);
        }

        _dictionaryBySpan = _dictionary.GetAlternateLookup<ReadOnlySpan<char>>();
        _lruBySpan = _lru.GetAlternateLookup<ReadOnlySpan<char>>();
        (_id, _key, _tagged) = (Id, $"user:{Id}", "tagged");
        await _larder.SetAsync(_tagged, "value", tags: Tags);
        await _hybrid.SetAsync(_tagged, "value", tags: Tags);
        await _fusion.SetAsync(_tagged, "value", tags: Tags);
    }

    [GlobalCleanup]
    public void Cleanup() => _caches.Dispose();

    /// <summary>A dictionary, a typed entry and a coarse look at the time: the least that a cache of any types does.</summary>
    [Benchmark(Baseline = true)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> Prototype() =>
        _prototype.TryGetValue(_key, out var found) && found is Typed<string> entry && Environment.TickCount64 < entry.Deadline
            ? new(entry.Value)
            : throw new InvalidOperationException();

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> Dictionary() => new(_dictionary[_key]);

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> DictionaryState() => new(_dictionary.GetOrAdd(_key, static (_, id) => $"made {id}", _id));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> DictionaryClosure()
    {
        var id = _id;
        return new(_dictionary.GetOrAdd(_key, _ => $"made {id}"));
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> DictionaryInterpolated() => new(_dictionaryBySpan[Key(stackalloc char[KeyLength])]);

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> BitFasterLru() => _lru.TryGet(_key, out var value) ? new(value) : throw new InvalidOperationException();

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> BitFasterLruState() => new(_lru.GetOrAdd(_key, static (_, id) => $"made {id}", _id));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> BitFasterLruClosure()
    {
        var id = _id;
        return new(_lru.GetOrAdd(_key, _ => $"made {id}"));
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> BitFasterLruInterpolated() =>
        _lruBySpan.TryGet(Key(stackalloc char[KeyLength]), out var value) ? new(value) : throw new InvalidOperationException();

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> MemoryCache() => _memory.TryGetValue(_key, out string? value) ? new(value!) : throw new InvalidOperationException();

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> MemoryCacheClosure()
    {
        var id = _id;
        return new(_memory.GetOrCreate(_key, _ => $"made {id}")!);
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> MemoryCacheInterpolated() =>
        _memory.TryGetValue(Key(stackalloc char[KeyLength]), out string? value) ? new(value!) : throw new InvalidOperationException();

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> Larder() => _larder.GetOrCreateAsync(_key, _id, static (id, _) => ValueTask.FromResult($"made {id}"));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> LarderClosure()
    {
        var id = _id;
        return _larder.GetOrCreateAsync(_key, _ => ValueTask.FromResult($"made {id}"));
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> LarderInterpolated() =>
        _larder.GetOrCreateAsync($"user:{_id}", _id, static (id, _) => ValueTask.FromResult($"made {id}"));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> LarderTwoTags() =>
        _larder.GetOrCreateAsync(_tagged, _id, static (id, _) => ValueTask.FromResult($"made {id}"), tags: Tags);

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> HybridCache() => _hybrid.GetOrCreateAsync(_key, _id, static (id, _) => ValueTask.FromResult($"made {id}"));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> HybridCacheClosure()
    {
        var id = _id;
        return _hybrid.GetOrCreateAsync(_key, _ => ValueTask.FromResult($"made {id}"));
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> HybridCacheInterpolated() =>
        _hybrid.GetOrCreateAsync($"user:{_id}", _id, static (id, _) => ValueTask.FromResult($"made {id}"));

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> HybridCacheTwoTags() =>
        _hybrid.GetOrCreateAsync(_tagged, _id, static (id, _) => ValueTask.FromResult($"made {id}"), tags: Tags);

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> FusionCache()
    {
        var id = _id;
        return _fusion.GetOrSetAsync<string>(_key, (_, _) => Task.FromResult($"made {id}"));
    }

    [Benchmark]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<string> FusionCacheTwoTags()
    {
        var id = _id;
        return _fusion.GetOrSetAsync<string>(_tagged, (_, _) => Task.FromResult($"made {id}"), tags: Tags);
    }

    // The key of an interpolated string, where the cache takes spans.
    private ReadOnlySpan<char> Key(Span<char> buffer) =>
        buffer.TryWrite($"user:{_id}", out var length) ? buffer[..length] : throw new InvalidOperationException();

    private abstract record Typed(long Deadline);

    private sealed record Typed<T>(T Value, long Deadline) : Typed(Deadline);
}
