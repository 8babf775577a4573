using System.Runtime.CompilerServices;

namespace Larder.Local;

/// <summary>
/// A hash table of entries that are chained through themselves: read without a lock, written under one. A dictionary's
/// nodes would cost 48 bytes an entry, and its growth would hold the lock while it moves all of them.
/// </summary>
/// <param name="gate">Held by whoever writes.</param>
internal sealed class EntryTable(Lock gate)
{
    // At first.
    internal const int LeastChains = 64;

    // Those of all chains have moved before there are half as many entries again.
    private const int MovesPerAdd = 2;

    private EntryChains _chains = new(LeastChains);
    private int _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LocalEntry? Find(ReadOnlySpan<char> key) => Find(key, KeyHash.Of(key));

    /// <summary>Finds an entry.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="hash">The key's <see cref="KeyHash"/>, as everywhere here.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LocalEntry? Find(ReadOnlySpan<char> key, ulong hash)
    {
        var chains = Volatile.Read(ref _chains);
        return Find(chains.First(hash), key, hash) ?? FindMoved(chains, key, hash);
    }

    /// <summary>Adds an entry whose key is not in the table.</summary>
    public void Add_NeedsLock(LocalEntry entry, ulong hash)
    {
        if (_count >= _chains.Count && !_chains.AreMoving)
        {
            _chains.BeginMove_NeedsLock();
        }

        Move_NeedsLock(MovesPerAdd);
        entry.HashByte = HashByte(hash);
        _chains.Link_NeedsLock(entry, hash);
        _count++;
    }

    /// <summary>Goes on with a growth: while one is under way, readers look for what has moved in two places.</summary>
    /// <param name="limit">How many chains are moved, at most.</param>
    /// <returns>Whether nothing remains to be moved.</returns>
    public bool Move_NeedsLock(int limit)
    {
        for (; _chains.AreMoving; limit--)
        {
            if (limit == 0)
            {
                return false;
            }

            Volatile.Write(ref _chains, _chains.Move_NeedsLock());
        }

        return true;
    }

    /// <summary>Removes an entry that is in the table.</summary>
    public void Remove_NeedsLock(LocalEntry entry)
    {
        _chains.Unlink_NeedsLock(entry, KeyHash.Of(entry.Key));
        _count--;
    }

    /// <summary>
    /// Takes the entries of some chains. An entry moves to later chains only, so that nothing that stays is missed, however
    /// the table grows between two calls; an entry may come twice.
    /// </summary>
    /// <param name="from">The first chain.</param>
    /// <param name="count">How many chains.</param>
    /// <param name="entries">Takes the entries.</param>
    /// <returns>The next chain; <see langword="null"/> at the end.</returns>
    public int? Take_NeedsLock(int from, int count, List<LocalEntry> entries)
    {
        var end = Math.Min(_chains.Count, from + count);
        for (var i = from; i < end; i++)
        {
            for (var entry = _chains.FirstOf_NeedsLock(i); entry is not null; entry = entry.Next)
            {
                entries.Add(entry);
            }
        }

        return end < _chains.Count ? end : null;
    }

    public void Clear_NeedsLock()
    {
        Volatile.Write(ref _chains, new EntryChains(LeastChains));
        _count = 0;
    }

    // What has moved while all others have not, or under a reader that began before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private LocalEntry? FindMoved(EntryChains chains, ReadOnlySpan<char> key, ulong hash)
    {
        if (!chains.HasMoved(hash))
        {
            return null;
        }

        while (chains.HasArrived(hash))
        {
            chains = chains.Next!;
            var entry = Find(chains.First(hash), key, hash);
            if (entry is not null || !chains.HasMoved(hash))
            {
                return entry;
            }
        }

        // Just now; nothing moves while the lock is held.
        lock (gate)
        {
            return Find(key, hash);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LocalEntry? Find(LocalEntry? entry, ReadOnlySpan<char> key, ulong hash)
    {
        while (entry is not null && (entry.HashByte != HashByte(hash) || !key.SequenceEqual(entry.Key)))
        {
            entry = entry.Next;
        }

        return entry;
    }

    // The lower bits choose the chain.
    private static byte HashByte(ulong hash) => (byte)(hash >> 32);
}
