namespace Larder.Inspection;

/// <summary>
/// Looks at some of the requests: at all of them while they are few, at one of a power of two while they are many, so that
/// the work stays the same.
/// </summary>
internal sealed class RequestSampler(MonotonicClock clock)
{
    private const int SamplesPerSecond = 1000;
    private const int EventsPerSecond = 50;

    private readonly Lock _gate = new();
    private readonly TopKeys _top = new();
    private int _every = 1;
    private long _second = clock.Now;
    private int _samples;
    private int _events;
    private int _skipped;

    [ThreadStatic]
    private static uint t_random;

    /// <summary>How many requests there were, about.</summary>
    public long Seen
    {
        get
        {
            lock (_gate)
            {
                return _top.Total;
            }
        }
    }

    /// <summary>The keys that are asked for most.</summary>
    public IReadOnlyList<HotKey> Hottest(int count)
    {
        lock (_gate)
        {
            return _top.Read(count);
        }
    }

    /// <summary>Perhaps notes a request.</summary>
    /// <returns>For how many requests it stands as an event; 0 if it is none.</returns>
    public int Sample(string key, bool isHit)
    {
        var every = Volatile.Read(ref _every);
        if (every > 1 && (Random() & (uint)(every - 1)) != 0)
        {
            return 0;
        }

        lock (_gate)
        {
            _top.Add(key, every, isHit);
            _samples++;
            _skipped += every;
            if (!TakesEvent_NeedsLock())
            {
                return 0;
            }

            var weight = _skipped;
            _skipped = 0;
            return weight;
        }
    }

    /// <summary>Whether there is room for one more event of something that may come in masses.</summary>
    public bool TakesEvent()
    {
        lock (_gate)
        {
            return TakesEvent_NeedsLock();
        }
    }

    private bool TakesEvent_NeedsLock()
    {
        var now = clock.Now;
        if (now - _second >= 1000)
        {
            Adjust_NeedsLock(now);
        }

        return _events < EventsPerSecond && ++_events > 0;
    }

    private void Adjust_NeedsLock(long now)
    {
        var perSecond = _samples * 1000L / (now - _second);
        if (perSecond > SamplesPerSecond && _every < 1 << 20)
        {
            _every <<= Math.Min(4, (int)Math.Log2((double)perSecond / SamplesPerSecond) + 1);
        }
        else if (perSecond < SamplesPerSecond / 4 && _every > 1)
        {
            _every >>= 1;
        }

        (_second, _samples, _events) = (now, 0, 0);
    }

    // Marsaglia's xorshift ("Xorshift RNGs", 2003): every nth request would see a pattern of the app and nothing else.
    private static uint Random()
    {
        var x = t_random == 0 ? (uint)Environment.CurrentManagedThreadId * 2654435769u : t_random;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        return t_random = x;
    }
}
