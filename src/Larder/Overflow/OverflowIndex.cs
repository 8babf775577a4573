using Larder.Local;

namespace Larder.Overflow;

/// <summary>
/// The records by their keys, in parts with a lock each, under which nothing else is locked: L1 adds one under its own lock, and
/// an invalidation drops one under its fence's.
/// </summary>
internal sealed class OverflowIndex
{
    private const int Parts = 64;

    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(static _ => new Part())];
    private int _clearings;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var part in _parts)
            {
                lock (part.Gate)
                {
                    count += part.Records.Count;
                }
            }

            return count;
        }
    }

    public OverflowRecord? Find(string key)
    {
        var part = PartOf(key);
        lock (part.Gate)
        {
            return part.Records.GetValueOrDefault(key);
        }
    }

    /// <summary>Whether a record is still there.</summary>
    public bool Has(OverflowRecord record) => ReferenceEquals(Find(record.Key), record);

    /// <summary>
    /// Adds a record of an entry, if the queue has room for it. One that is there is of the very same entry, which was read from it:
    /// what L1 had of the key before any other was dropped under the key's fence.
    /// </summary>
    public void Add(CachedEntry entry, OverflowQueue queue)
    {
        var part = PartOf(entry.Key);
        lock (part.Gate)
        {
            // Within the lock: what is about to be cleared takes nothing more.
            if (Volatile.Read(ref _clearings) != 0)
            {
                return;
            }

            if (part.Records.TryGetValue(entry.Key, out var known))
            {
                known.Refresh(entry);
            }
            else if (queue.TryReserve(entry.Size))
            {
                var record = new OverflowRecord(entry);
                part.Records.Add(entry.Key, record);
                queue.Add(record);
            }
        }
    }

    /// <summary>A record's value is in a file by now, unless it was dropped meanwhile.</summary>
    public void Place(OverflowRecord record, OverflowSegment segment, long position, int length)
    {
        var part = PartOf(record.Key);
        lock (part.Gate)
        {
            if (ReferenceEquals(part.Records.GetValueOrDefault(record.Key), record))
            {
                record.MoveTo(segment, position, length);
            }
        }
    }

    public void Drop(string key)
    {
        var part = PartOf(key);
        lock (part.Gate)
        {
            part.Records.Remove(key);
        }
    }

    /// <summary>Drops a record, but not another one of its key.</summary>
    public void Drop(OverflowRecord record)
    {
        var part = PartOf(record.Key);
        lock (part.Gate)
        {
            if (ReferenceEquals(part.Records.GetValueOrDefault(record.Key), record))
            {
                part.Records.Remove(record.Key);
            }
        }
    }

    public void DropWhere(Predicate<OverflowRecord> isGone)
    {
        foreach (var part in _parts)
        {
            lock (part.Gate)
            {
                foreach (var (key, record) in part.Records)
                {
                    if (isGone(record))
                    {
                        part.Records.Remove(key);
                    }
                }
            }
        }
    }

    /// <summary>Drops all, and takes nothing until <see cref="EndClear"/>.</summary>
    public void BeginClear()
    {
        Interlocked.Increment(ref _clearings);
        foreach (var part in _parts)
        {
            lock (part.Gate)
            {
                part.Records.Clear();
            }
        }
    }

    public void EndClear() => Interlocked.Decrement(ref _clearings);

    private Part PartOf(string key) => _parts[(int)KeyHash.Of(key) & (Parts - 1)];

    private sealed class Part
    {
        public readonly Lock Gate = new();
        public readonly Dictionary<string, OverflowRecord> Records = new(StringComparer.Ordinal);
    }
}
