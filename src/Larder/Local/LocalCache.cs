using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Larder.Local;

/// <summary>
/// L1's map, bounded by entries and by bytes. A hit takes no lock and allocates nothing; writes take one, so that the map
/// and the order of eviction agree.
/// </summary>
internal sealed class LocalCache
{
    private readonly LocalOptions _options;
    private readonly Lock _gate = new();
    private readonly SieveList _order = new();
    private readonly ConcurrentDictionary<string, LocalEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LocalEntry>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private LocalEntry? _swept;
    private int _count;
    private long _bytes;

    public LocalCache(LocalOptions options)
    {
        _options = options;
        _bySpan = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    public bool TryGet(string key, [NotNullWhen(true)] out LocalEntry? entry) => _entries.TryGetValue(key, out entry) && Visit(entry);

    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out LocalEntry? entry) => _bySpan.TryGetValue(key, out entry) && Visit(entry);

    /// <summary>Stores an entry in the place of any other of its key, and evicts what that leaves no room for.</summary>
    /// <returns>Whether it was stored; an entry that is larger than all of L1 is not.</returns>
    public bool Set(LocalEntry entry)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(entry.Key, out var old))
            {
                Drop_NeedsLock(old);
            }

            if (entry.Size > _options.MaximumBytes)
            {
                return false;
            }

            while (_count >= _options.MaximumEntries || _bytes + entry.Size > _options.MaximumBytes)
            {
                Drop_NeedsLock(_order.Next());
            }

            _entries[entry.Key] = entry;
            _order.Add(entry);
            _count++;
            _bytes += entry.Size;
            return true;
        }
    }

    public bool Remove(string key)
    {
        // Most invalidations that arrive concern keys that this node doesn't hold: they shall not queue for the lock. One
        // that is being stored at this moment is the caller's business: its fence orders the two.
        if (!_entries.ContainsKey(key))
        {
            return false;
        }

        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
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
            _entries.Clear();
            _order.Clear();
            _swept = null;
            _count = 0;
            _bytes = 0;
        }
    }

    /// <summary>Drops what need not be kept among the next entries, going on from where the last call ended.</summary>
    /// <param name="now">The time.</param>
    /// <param name="limit">How many entries are looked at, at most.</param>
    /// <returns>How many were dropped.</returns>
    public int RemoveExpired(long now, int limit)
    {
        lock (_gate)
        {
            var dropped = 0;
            for (var seen = 0; seen < limit && (_swept ??= _order.Oldest) is { } entry; seen++)
            {
                var next = entry.Newer;
                if (now >= entry.LeavesAt)
                {
                    Drop_NeedsLock(entry);
                    dropped++;
                }

                _swept = next;
                if (next is null)
                {
                    break;
                }
            }

            return dropped;
        }
    }

    // Written only if it changes: a line of memory that many cores read would otherwise move between them at every hit.
    private static bool Visit(LocalEntry entry)
    {
        if (!entry.IsVisited)
        {
            entry.IsVisited = true;
        }

        return true;
    }

    private void Drop_NeedsLock(LocalEntry entry)
    {
        if (ReferenceEquals(_swept, entry))
        {
            _swept = entry.Newer;
        }

        _entries.TryRemove(entry.Key, out _);
        _order.Remove(entry);
        _count--;
        _bytes -= entry.Size;
    }
}
