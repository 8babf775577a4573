using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;

namespace HitRatio.Policies;

/// <summary>BitFaster's W-TinyLFU; its buffers are drained on the caller's thread, so that the figure is the same each time.</summary>
internal sealed class BitFasterLfuPolicy(Bound bound) : IPolicy
{
    private readonly ConcurrentLfu<int, int> _cache = new(1, bound.Entries, new ForegroundScheduler(), EqualityComparer<int>.Default);

    public bool Access(int key)
    {
        var isHit = _cache.TryGet(key, out _);
        if (!isHit)
        {
            _cache.AddOrUpdate(key, key);
        }

        return isHit;
    }
}

/// <summary>BitFaster's pseudo-LRU of three queues.</summary>
internal sealed class BitFasterLruPolicy(Bound bound) : IPolicy
{
    private readonly ConcurrentLru<int, int> _cache = new(1, bound.Entries, EqualityComparer<int>.Default);

    public bool Access(int key)
    {
        var isHit = _cache.TryGet(key, out _);
        if (!isHit)
        {
            _cache.AddOrUpdate(key, key);
        }

        return isHit;
    }
}
