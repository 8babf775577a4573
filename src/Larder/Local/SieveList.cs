namespace Larder.Local;

/// <summary>
/// The order of eviction: SIEVE ("SIEVE is Simpler than LRU", NSDI 2024). Entries stay in the order of insertion; a read only
/// marks its entry. A hand goes from the oldest to the newest and takes the first entry that is not marked, clearing the
/// marks that it passes. Not thread-safe.
/// </summary>
internal sealed class SieveList
{
    private LocalEntry? _newest;
    private LocalEntry? _oldest;
    private LocalEntry? _hand;

    public LocalEntry? Oldest => _oldest;

    public void Add(LocalEntry entry)
    {
        entry.Older = _newest;
        if (_newest is not null)
        {
            _newest.Newer = entry;
        }

        _newest = entry;
        _oldest ??= entry;
    }

    public void Remove(LocalEntry entry)
    {
        if (ReferenceEquals(_hand, entry))
        {
            _hand = entry.Newer;
        }

        if (entry.Newer is { } newer)
        {
            newer.Older = entry.Older;
        }
        else
        {
            _newest = entry.Older;
        }

        if (entry.Older is { } older)
        {
            older.Newer = entry.Newer;
        }
        else
        {
            _oldest = entry.Newer;
        }

        entry.Newer = entry.Older = null;
    }

    public void Clear() => _newest = _oldest = _hand = null;

    /// <summary>The entry to evict next; the list is not empty.</summary>
    public LocalEntry Next()
    {
        var hand = _hand ?? _oldest!;
        while (hand.IsVisited)
        {
            hand.IsVisited = false;
            hand = hand.Newer ?? _oldest!;
        }

        _hand = hand;
        return hand;
    }
}
