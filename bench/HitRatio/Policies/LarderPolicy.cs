using System.Globalization;
using Larder;
using Larder.Local;

namespace HitRatio.Policies;

/// <summary>Larder's L1 itself.</summary>
internal sealed class LarderPolicy(Bound bound) : IPolicy
{
    private readonly string[] _keys = [.. Enumerable.Range(0, bound.Workload.Keys).Select(key => key.ToString("D8", CultureInfo.InvariantCulture))];

    private readonly LocalCache _cache = new(bound.IsBytes
        ? new LocalOptions { MaximumBytes = bound.Limit, MaximumEntries = 100_000_000 }
        : new LocalOptions { MaximumBytes = long.MaxValue, MaximumEntries = (int)bound.Limit });

    public bool Access(int key)
    {
        if (_cache.TryGet(_keys[key], out _))
        {
            return true;
        }

        _cache.Set(new Entry(_keys[key], bound.Sizes[key]));
        return false;
    }

    // Larder adds what the key and the entry itself cost; the benchmark's sizes have it already.
    private sealed class Entry(string key, long size) : LocalEntry(key, Math.Max(0, size - Overhead - (2 * key.Length)));
}
