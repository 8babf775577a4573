namespace Larder.Local;

/// <summary>
/// A hash table of entries that are chained through themselves: read without a lock, written under one. A dictionary's
/// nodes would cost 48 bytes an entry.
/// </summary>
/// <param name="gate">Held by whoever writes.</param>
internal sealed class EntryTable(Lock gate)
{
    private const int LeastBuckets = 64;

    private Bucket[] _buckets = new Bucket[LeastBuckets];
    private Bucket[]? _growing;
    private int _count;

    public LocalEntry? Find(ReadOnlySpan<char> key)
    {
        var buckets = Volatile.Read(ref _buckets);
        return FindIn(buckets, key) ?? (HasMovedSince(buckets) ? FindAgain(key) : null);
    }

    /// <summary>Adds an entry whose key is not in the table.</summary>
    public void Add_NeedsLock(LocalEntry entry)
    {
        if (_count >= _buckets.Length)
        {
            Grow_NeedsLock();
        }

        Link(_buckets, entry);
        _count++;
    }

    /// <summary>Removes an entry that is in the table.</summary>
    public void Remove_NeedsLock(LocalEntry entry)
    {
        // Its own link stays: a reader that stands on it goes on to what was behind it.
        ref var first = ref FirstOf(_buckets, KeyHash.Of(entry.Key));
        if (ReferenceEquals(first, entry))
        {
            Volatile.Write(ref first, entry.Next);
        }
        else
        {
            var before = first!;
            while (!ReferenceEquals(before.Next, entry))
            {
                before = before.Next!;
            }

            before.Next = entry.Next;
        }

        _count--;
    }

    /// <summary>
    /// Takes the entries of some chains. The chains of a table that has grown since begin with those seen before, so that
    /// nothing that stays is missed; an entry may come twice.
    /// </summary>
    /// <param name="from">The first chain.</param>
    /// <param name="count">How many chains.</param>
    /// <param name="entries">Takes the entries.</param>
    /// <returns>The next chain; <see langword="null"/> at the end.</returns>
    public int? Take_NeedsLock(int from, int count, List<LocalEntry> entries)
    {
        var end = Math.Min(_buckets.Length, from + count);
        for (var i = from; i < end; i++)
        {
            for (var entry = _buckets[i].First; entry is not null; entry = entry.Next)
            {
                entries.Add(entry);
            }
        }

        return end < _buckets.Length ? end : null;
    }

    public void Clear_NeedsLock()
    {
        Volatile.Write(ref _buckets, new Bucket[LeastBuckets]);
        _count = 0;
    }

    // Entries move from chain to chain. A reader may follow one that has moved into the wrong chain and miss what is
    // there; it learns so by _growing, set before the first entry moves, or by _buckets, set before _growing is taken back.
    private void Grow_NeedsLock()
    {
        var next = new Bucket[_buckets.Length * 2];
        Volatile.Write(ref _growing, next);
        foreach (var bucket in _buckets)
        {
            for (var entry = bucket.First; entry is not null;)
            {
                var behind = entry.Next;
                Link(next, entry);
                entry = behind;
            }
        }

        Volatile.Write(ref _buckets, next);
        Volatile.Write(ref _growing, null);
    }

    private bool HasMovedSince(Bucket[] buckets) =>
        Volatile.Read(ref _growing) is not null || !ReferenceEquals(Volatile.Read(ref _buckets), buckets);

    private LocalEntry? FindAgain(ReadOnlySpan<char> key)
    {
        lock (gate)
        {
            return FindIn(_buckets, key);
        }
    }

    private static LocalEntry? FindIn(Bucket[] buckets, ReadOnlySpan<char> key)
    {
        var hash = KeyHash.Of(key);
        var entry = Volatile.Read(ref FirstOf(buckets, hash));
        while (entry is not null && (entry.HashByte != HashByte(hash) || !key.SequenceEqual(entry.Key)))
        {
            entry = entry.Next;
        }

        return entry;
    }

    private static void Link(Bucket[] buckets, LocalEntry entry)
    {
        var hash = KeyHash.Of(entry.Key);
        ref var first = ref FirstOf(buckets, hash);
        entry.HashByte = HashByte(hash);
        entry.Next = first;
        Volatile.Write(ref first, entry);
    }

    private static ref LocalEntry? FirstOf(Bucket[] buckets, ulong hash) => ref buckets[(int)hash & (buckets.Length - 1)].First;

    // The lower bits have chosen the bucket.
    private static byte HashByte(ulong hash) => (byte)(hash >> 32);

    // An array of references checks the type of what it holds at each access; one of structures doesn't.
    private struct Bucket
    {
        public LocalEntry? First;
    }
}
