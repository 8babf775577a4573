using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace HitRatio.Policies;

/// <summary>
/// <see cref="MemoryCache"/> with a size limit. Over its limit it refuses a new entry and compacts itself on the thread
/// pool, later; here it is compacted before, by as much, so that nothing is refused and the figure is the same each time:
/// the best that can be said of it.
/// </summary>
internal sealed class MemoryCachePolicy : IPolicy, IDisposable
{
    private const double CompactionPercentage = 0.05;

    private readonly Clock _clock = new();
    private readonly MemoryCache _cache;
    private readonly Bound _bound;
    private long _size;

    public MemoryCachePolicy(Bound bound)
    {
        _bound = bound;
        _cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = bound.Limit, Clock = _clock, TrackStatistics = true });
    }

    public bool Access(int key)
    {
        _clock.Tick();
        if (_cache.TryGetValue(key, out _))
        {
            return true;
        }

        var size = _bound.Sizes[key];
        while (_size + size > _bound.Limit && _cache.Count > 0)
        {
            // By count, and of few entries none.
            _cache.Compact(Math.Max(CompactionPercentage, 1.0 / _cache.Count));
            _size = _cache.GetCurrentStatistics()!.CurrentEstimatedSize!.Value;
        }

        _cache.Set(key, key, new MemoryCacheEntryOptions { Size = size });
        _size += size;
        return false;
    }

    public void Dispose() => _cache.Dispose();

    // Its order is that of the last access, which two accesses in one tick of a real clock share.
    private sealed class Clock : ISystemClock
    {
        public DateTimeOffset UtcNow { get; private set; } = DateTimeOffset.UnixEpoch;

        public void Tick() => UtcNow += TimeSpan.FromTicks(1);
    }
}
