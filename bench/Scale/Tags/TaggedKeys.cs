using System.Diagnostics;
using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using Scale.Nodes;

namespace Scale.Tags;

/// <summary>Keys whose entries have the same number of tags, and what operations on them take.</summary>
internal sealed class TaggedKeys(LarderCache cache, int tags)
{
    private const int Count = 1000;
    private const int Few = 100;

    // Nothing like a value of a few bytes, which would make Redis keep the entry in its form for small hashes.
    private static readonly string Value = new('x', 1000);

    private static readonly HybridCacheEntryOptions FromL2 = new() { Flags = HybridCacheEntryFlags.DisableLocalCache };

    private readonly string[] _keys = [.. Enumerable.Range(0, Count).Select(number => $"user:{tags:00}:{number:000}")];
    private readonly string[] _tags = [.. Enumerable.Range(0, tags).Select(number => $"team:{tags:00}:{number:00}")];

    public int Tags => tags;

    /// <summary>A hit of L1.</summary>
    public Sample Hit { get; } = new();

    /// <summary>The first hit of L1 after some other tag was removed.</summary>
    public Sample FirstHit { get; } = new();

    /// <summary>A read from L2, without L1.</summary>
    public Sample FarHit { get; } = new();

    public Sample Set { get; } = new();

    /// <summary>Sets all.</summary>
    public async Task FillAsync()
    {
        foreach (var key in _keys)
        {
            await cache.SetAsync(key, Value, tags: _tags);
        }
    }

    /// <summary>To be called when another tag was removed just now.</summary>
    public void MeasureHits(bool isWarmUp)
    {
        MeasureHits(isWarmUp ? new() : FirstHit);
        MeasureHits(isWarmUp ? new() : Hit);
    }

    public async Task MeasureFarHitsAsync(bool isWarmUp)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var key in _keys[..Few])
        {
            await cache.GetOrCreateAsync<string>(key, static _ => throw new InvalidOperationException("Not to be called."), FromL2, _tags);
        }

        (isWarmUp ? new() : FarHit).AddSince(start, Few);
    }

    public async Task MeasureSetsAsync(bool isWarmUp)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var key in _keys[..Few])
        {
            await cache.SetAsync(key, Value, tags: _tags);
        }

        (isWarmUp ? new() : Set).AddSince(start, Few);
    }

    /// <summary>What an entry takes in Redis.</summary>
    public Task<long> BytesAsync(Meter meter) => meter.BytesAsync(_keys[0]);

    private void MeasureHits(Sample hits)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var key in _keys)
        {
            var hit = cache.GetOrCreateAsync<string>(key, static _ => throw new InvalidOperationException("Not to be called."), tags: _tags);
            if (!hit.IsCompletedSuccessfully || hit.Result is null)
            {
                throw new InvalidOperationException($"{key} was no hit.");
            }
        }

        hits.AddSince(start, Count);
    }
}
