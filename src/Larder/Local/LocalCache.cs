using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Larder.Local;

/// <summary>
/// L1: a table of entries, bounded by entries and by bytes. A hit takes no lock and allocates nothing; writes take one, so
/// that the table, the order of eviction and the deadlines agree.
/// </summary>
internal sealed class LocalCache
{
    private readonly LocalOptions _options;
    private readonly Lock _gate = new();
    private readonly EntryTable _entries;
    private readonly EvictionOrder _order = new();
    private readonly DeadlineWheel _deadlines = new();
    private readonly long[] _evictions = new long[Enum.GetValues<EvictionReason>().Length];
    private double _allowance = 1;
    private int _count;
    private long _bytes;

    public LocalCache(LocalOptions options)
    {
        _options = options;
        _entries = new EntryTable(_gate);
    }

    /// <summary>
    /// Told of each entry that is evicted, under the cache's lock and while the table still has it: it must be quick, and not come back.
    /// </summary>
    public Action<LocalEntry>? Evicted { get; init; }

    /// <summary>Is told of each entry that is stored, under the cache's lock; <see langword="null"/> if collections are the runtime's business.</summary>
    public CollectionPace? Pace { get; init; }

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How full it is: the share of the bound that is nearer.</summary>
    public double Fill => Math.Max((double)Bytes / _options.MaximumBytes, (double)Count / _options.MaximumEntries);

    /// <summary>The share of its bounds that it may use at present; those above it leave by <see cref="Trim"/>, or as others come.</summary>
    public double Allowance
    {
        get
        {
            lock (_gate)
            {
                return _allowance;
            }
        }

        set
        {
            lock (_gate)
            {
                _allowance = value;
            }
        }
    }

    /// <summary>How many entries it evicted, or did not take in, for a reason.</summary>
    public long EvictionsFor(EvictionReason reason) => Volatile.Read(ref _evictions[(int)reason]);

    /// <summary>Finds an entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LocalEntry? Get(ReadOnlySpan<char> key)
    {
        var entry = _entries.Find(key);
        entry?.Visit();
        return entry;
    }

    public bool TryGet(string key, [NotNullWhen(true)] out LocalEntry? entry)
    {
        entry = Get(key);
        return entry is not null;
    }

    /// <summary>Finds an entry; it does not count as a read.</summary>
    public bool TryPeek(string key, [NotNullWhen(true)] out LocalEntry? entry)
    {
        entry = Peek(key, KeyHash.Of(key));
        return entry is not null;
    }

    /// <summary>As <see cref="TryPeek"/>, by the key's <see cref="KeyHash"/>.</summary>
    public LocalEntry? Peek(string key, ulong hash) => _entries.Find(key, hash);

    /// <summary>Stores an entry in the place of any other of its key, and evicts what that leaves no room for.</summary>
    /// <returns>Whether it was stored; an entry that is larger than all of L1 is not.</returns>
    public bool Set(LocalEntry entry) => Set(entry, KeyHash.Of(entry.Key));

    /// <summary>As the other overload, by the key's <see cref="KeyHash"/>.</summary>
    public bool Set(LocalEntry entry, ulong hash)
    {
        lock (_gate)
        {
            if (_entries.Find(entry.Key, hash) is { } old)
            {
                Drop_NeedsLock(old);
            }

            if (entry.Size > _allowance * _options.MaximumBytes)
            {
                _evictions[(int)EvictionReason.TooLarge]++;
                return false;
            }

            while (_count > 0 && !HasRoom_NeedsLock(1, entry.Size))
            {
                Evict_NeedsLock(_order.Next(entry.Size), EvictionReason.Capacity);
            }

            _entries.Add_NeedsLock(entry, hash);
            _order.Add(entry, hash);
            _deadlines.Add(entry);
            _count++;
            _bytes += entry.Size;
            Pace?.Add();
            return true;
        }
    }

    /// <summary>
    /// Walks through the entries, a part at a time, without a trace in their order: those that are there from the first part
    /// to the last come, and may come twice.
    /// </summary>
    /// <param name="from">Where the part before ended; 0 for the first.</param>
    /// <param name="entries">Takes the entries of this part, some hundreds.</param>
    /// <returns>Where to go on; <see langword="null"/> at the end.</returns>
    public int? Walk(int from, List<LocalEntry> entries)
    {
        lock (_gate)
        {
            return _entries.Take_NeedsLock(from, 512, entries);
        }
    }

    public bool Remove(string key)
    {
        // Most invalidations that arrive concern keys that this node doesn't hold: they shall not queue for the lock. One
        // that is being stored at this moment is the caller's business: its fence orders the two.
        if (_entries.Find(key) is null)
        {
            return false;
        }

        lock (_gate)
        {
            if (_entries.Find(key) is not { } entry)
            {
                return false;
            }

            Drop_NeedsLock(entry);
            return true;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear_NeedsLock();
            _order.Clear();
            _deadlines.Clear();
            _count = 0;
            _bytes = 0;
        }
    }

    /// <summary>Goes on with a growth of the table: while one is under way, some of the entries take longer to find.</summary>
    /// <param name="limit">How many parts of it are moved, at most.</param>
    /// <returns>Whether nothing remains to be moved.</returns>
    public bool Settle(int limit)
    {
        lock (_gate)
        {
            return _entries.Move_NeedsLock(limit);
        }
    }

    /// <summary>Drops what need not be kept any longer, at most some seconds after it needn't.</summary>
    /// <param name="now">The time.</param>
    /// <param name="limit">How many entries are looked at, at most.</param>
    /// <returns>Whether nothing remains to be looked at.</returns>
    public bool RemoveExpired(long now, int limit)
    {
        lock (_gate)
        {
            for (; limit > 0; limit--)
            {
                if (_deadlines.Next(now) is not { } entry)
                {
                    return true;
                }

                if (entry.LeavesAt <= now)
                {
                    _evictions[(int)EvictionReason.Expired]++;
                    Drop_NeedsLock(entry);
                }
                else
                {
                    _deadlines.Remove(entry);
                    _deadlines.Add(entry);
                }
            }

            return false;
        }
    }

    /// <summary>Evicts what is above a share of the bounds.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="limit">How many entries are evicted, at most.</param>
    /// <returns>Whether nothing remains to be evicted.</returns>
    public bool Trim(double share, int limit)
    {
        lock (_gate)
        {
            for (; Fill > share; limit--)
            {
                if (limit == 0)
                {
                    return false;
                }

                Evict_NeedsLock(_order.Next(0), EvictionReason.Memory);
            }

            return true;
        }
    }

    private bool HasRoom_NeedsLock(int entries, long bytes) =>
        _count + entries <= _allowance * _options.MaximumEntries && _bytes + bytes <= _allowance * _options.MaximumBytes;

    private void Evict_NeedsLock(LocalEntry entry, EvictionReason reason)
    {
        _evictions[(int)reason]++;
        Evicted?.Invoke(entry);
        Drop_NeedsLock(entry);
    }

    private void Drop_NeedsLock(LocalEntry entry)
    {
        _entries.Remove_NeedsLock(entry);
        _order.Remove(entry);
        _deadlines.Remove(entry);
        _count--;
        _bytes -= entry.Size;
    }
}
