namespace Larder.Local;

/// <summary>
/// The chains of a table of entries, a power of two. When twice as many are to take their place, the entries move chain by
/// chain, so that no write waits for all of them. Read without a lock, written under one.
/// </summary>
/// <param name="count">How many there are.</param>
internal sealed class EntryChains(int count)
{
    private readonly Chain[] _chains = new Chain[count];
    private EntryChains? _next;
    private int _begun;
    private int _moved;

    /// <summary>The chains that have what has moved.</summary>
    public EntryChains? Next => Volatile.Read(ref _next);

    /// <summary>Whether entries move.</summary>
    public bool AreMoving => _next is not null;

    /// <summary>How many chains there are: with those, of twice as many, whose entries have moved.</summary>
    public int Count => _chains.Length + _moved;

    /// <summary>The first entry of the chain of a hash; what has moved is not in it.</summary>
    public LocalEntry? First(ulong hash)
    {
        var chains = _chains;
        return Volatile.Read(ref chains[(int)hash & (chains.Length - 1)].First);
    }

    /// <summary>Whether the entries of the chain of a hash have moved, or are about to.</summary>
    public bool HasMoved(ulong hash) => Volatile.Read(ref _begun) > ChainOf(hash);

    /// <summary>Whether they are where they belong.</summary>
    public bool HasArrived(ulong hash) => Volatile.Read(ref _moved) > ChainOf(hash);

    /// <summary>The first entry of a chain that is less than <see cref="Count"/>; an entry moves to a later one only, or stays.</summary>
    public LocalEntry? FirstOf_NeedsLock(int chain) =>
        (chain < _moved || chain >= _chains.Length ? _next! : this)._chains[chain].First;

    public void Link_NeedsLock(LocalEntry entry, ulong hash)
    {
        ref var first = ref Where_NeedsLock(hash);
        entry.Next = first;
        Volatile.Write(ref first, entry);
    }

    /// <summary>Removes an entry that is in its chain.</summary>
    public void Unlink_NeedsLock(LocalEntry entry, ulong hash)
    {
        // Its own link stays: a reader that stands on it goes on to what was behind it.
        ref var first = ref Where_NeedsLock(hash);
        if (ReferenceEquals(first, entry))
        {
            Volatile.Write(ref first, entry.Next);
            return;
        }

        var before = first!;
        while (!ReferenceEquals(before.Next, entry))
        {
            before = before.Next!;
        }

        before.Next = entry.Next;
    }

    /// <summary>Makes twice as many chains, to which the entries of these are to move.</summary>
    public void BeginMove_NeedsLock() => Volatile.Write(ref _next, new EntryChains(2 * _chains.Length));

    /// <summary>Moves the entries of one chain.</summary>
    /// <returns>The chains that are the table's from now on: those of twice as many once all have moved.</returns>
    /// <remarks>
    /// A reader may follow an entry that moves and miss those behind it, or look in the old chain for what has moved. It learns
    /// so by _begun, written before the first link: who reads a link that was written here reads _begun after it, and nothing
    /// passes a volatile write or read in that direction, on no processor. _moved is written after the last link: who reads
    /// that finds the new chains whole.
    /// </remarks>
    public EntryChains Move_NeedsLock()
    {
        var next = _next!;
        ref var first = ref _chains[_moved].First;
        Volatile.Write(ref _begun, _moved + 1);
        while (first is { } entry)
        {
            Volatile.Write(ref first, entry.Next);
            next.Link_NeedsLock(entry, KeyHash.Of(entry.Key));
        }

        Volatile.Write(ref _moved, _moved + 1);
        return _moved == _chains.Length ? next : this;
    }

    private ref LocalEntry? Where_NeedsLock(ulong hash)
    {
        var chains = HasMoved(hash) ? _next! : this;
        return ref chains._chains[chains.ChainOf(hash)].First;
    }

    private int ChainOf(ulong hash) => (int)hash & (_chains.Length - 1);

    // An array of references would be asked for its elements' type whenever one is taken by reference.
    private struct Chain
    {
        public LocalEntry? First;
    }
}
