using Microsoft.Extensions.Caching.Memory;

namespace Larder.Local;

/// <summary>
/// Which entry is evicted next. New entries pass through a window, in which they have time to be read. One that was asked
/// for only once leaves by its end; another settles, in free room or in that of settled entries that were asked for less
/// often lately. A sketch remembers how often, also of keys that are gone (the admission of "TinyLFU", 2017). Both parts
/// are queues: a hit writes a small counter in its entry and moves nothing, and a settled entry whose turn comes with reads
/// left goes round once more (the main queue of "FIFO queues are all you need for cache eviction", SOSP 2023). A settled entry
/// leaves only where none of a lower priority is left, and those that are never to be removed only where nothing else is.
/// Not thread-safe.
/// </summary>
internal sealed class EvictionOrder
{
    // The window's share of the bytes follows what its entries do, in steps of a part of an entry: read while they were in
    // it, it was too small; not read, too large. The rates were chosen by measuring: see docs/l1.md.
    private const double LeastShare = 0.01;
    private const double MostShare = 0.25;
    private const double StepDown = 0.1;
    private const double StepUp = 0.8;

    // An eviction passes no more than this many entries with reads left: it shall not hold the lock for a walk over all.
    private const int MostPassed = 100;

    // Counted once is the request that brought it; a scan consists of nothing else.
    private const int LeastFrequency = 2;

    // A settled entry before which as many newcomers left, and that was not read meanwhile, may have been popular once. One that
    // was read in the window, and is no larger, takes its place, and brings the sketch's next halving nearer by as many counts.
    private const int MostOutlasted = 2;
    private const int Doubt = 256;

    private readonly EntryQueue _window = new();

    // By their priority; the last one's have never been in the window, and no share is counted of their bytes.
    private readonly EntryQueue[] _settled = [new(), new(), new(), new()];
    private readonly FrequencySketch _frequencies = new();
    private double _share = 0.1;

    // How many newcomers left for the sake of the settled entry whose turn it is.
    private int _outlasted;

    public int Count => CountInTurn + Kept.Count;

    public long Bytes => BytesInTurn + Kept.Bytes;

    private EntryQueue Kept => _settled[(int)CacheItemPriority.NeverRemove];

    private int CountInTurn => _window.Count + _settled[0].Count + _settled[1].Count + _settled[2].Count;

    private long BytesInTurn => _window.Bytes + SettledBytes;

    private long SettledBytes => _settled[0].Bytes + _settled[1].Bytes + _settled[2].Bytes;

    /// <summary>Adds an entry, by its key's <see cref="KeyHash"/>.</summary>
    public void Add(LocalEntry entry, ulong hash)
    {
        _frequencies.MakeRoomFor(Count);
        _frequencies.Count(hash);
        entry.IsSettled = entry.Priority == CacheItemPriority.NeverRemove;
        QueueOf(entry).Add(entry);
    }

    public void Remove(LocalEntry entry)
    {
        var queue = QueueOf(entry);
        if (entry.IsSettled && queue.Oldest == entry)
        {
            _outlasted = 0;
        }

        queue.Remove(entry);
    }

    public void Clear()
    {
        _window.Clear();
        Array.ForEach(_settled, static queue => queue.Clear());
        _frequencies.Clear();
        _outlasted = 0;
    }

    /// <summary>The entry to evict next; there is at least one.</summary>
    /// <param name="size">That of the new entry that needs room, or 0.</param>
    public LocalEntry Next(long size)
    {
        for (var passed = 0; _window.Oldest is { } newcomer && IsWindowFull(size); passed++)
        {
            var frequency = _frequencies.Estimate(newcomer.Key) + newcomer.Reads;
            if (MaySettle(newcomer, frequency) && passed < MostPassed && SettledBytes + newcomer.Size <= (1 - _share) * BytesInTurn)
            {
                Settle(newcomer);
                continue;
            }

            // One that wins stays where it is until as many have lost as it needs room.
            if (LoserTo(newcomer, frequency) is { } settled)
            {
                return settled;
            }

            LeaveWindow(newcomer);
            return newcomer;
        }

        return NextOf(LowestSettled());
    }

    // One of a high priority need not be asked for twice: it would be passed by its lessers in free room.
    private static bool MaySettle(LocalEntry newcomer, int frequency) =>
        frequency >= LeastFrequency || newcomer.Priority > CacheItemPriority.Normal;

    private bool IsWindowFull(long size) => _window.Count == CountInTurn || _window.Bytes + size > _share * BytesInTurn;

    // The priority decides before how often they were asked for.
    private LocalEntry? LoserTo(LocalEntry newcomer, int frequency)
    {
        var lowest = LowestSettled();
        var priority = lowest.Oldest?.Priority ?? CacheItemPriority.NeverRemove;
        if (newcomer.Priority != priority)
        {
            return newcomer.Priority > priority ? NextOf(lowest) : null;
        }

        if (frequency < LeastFrequency)
        {
            return null;
        }

        var settled = NextOf(lowest);
        if (frequency > _frequencies.Estimate(settled.Key))
        {
            return settled;
        }

        if (_outlasted < MostOutlasted || newcomer.Reads == 0 || newcomer.Size > settled.Size)
        {
            _outlasted++;
            return null;
        }

        _frequencies.Age(Doubt);
        return settled;
    }

    private EntryQueue LowestSettled() => Array.Find(_settled, static queue => queue.Count > 0) ?? Kept;

    private LocalEntry NextOf(EntryQueue settled)
    {
        for (var passed = 0; ; passed++)
        {
            var entry = settled.Oldest!;
            if (entry.Reads == 0 || passed == MostPassed)
            {
                return entry;
            }

            _outlasted = 0;
            entry.Reads--;
            _frequencies.Count(entry.Key);
            settled.Remove(entry);
            settled.Add(entry);
        }
    }

    private void Settle(LocalEntry entry)
    {
        LeaveWindow(entry);
        _window.Remove(entry);
        entry.IsSettled = true;
        QueueOf(entry).Add(entry);
    }

    // Hits count in their entry only; here the sketch learns of them.
    private void LeaveWindow(LocalEntry entry)
    {
        Adapt(entry.Reads > 0);
        _frequencies.Count(entry.Key, entry.Reads);
        entry.Reads = 0;
    }

    private void Adapt(bool wasRead)
    {
        var step = (wasRead ? StepUp : -StepDown) / CountInTurn;
        _share = Math.Clamp(_share + step, LeastShare, MostShare);
    }

    private EntryQueue QueueOf(LocalEntry entry) => entry.IsSettled ? _settled[(int)entry.Priority] : _window;
}
