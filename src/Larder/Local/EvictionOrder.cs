namespace Larder.Local;

/// <summary>
/// Which entry is evicted next. New entries pass through a window, in which they have time to be read. One that was asked
/// for only once leaves by its end; another settles, in free room or in that of settled entries that were asked for less
/// often lately. A sketch remembers how often, also of keys that are gone (the admission of "TinyLFU", 2017). Both parts
/// are queues: a hit writes a small counter in its entry and moves nothing, and a settled entry whose turn comes with reads
/// left goes round once more (the main queue of "FIFO queues are all you need for cache eviction", SOSP 2023). Not
/// thread-safe.
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

    private readonly EntryQueue _window = new();
    private readonly EntryQueue _settled = new();
    private readonly FrequencySketch _frequencies = new();
    private double _share = 0.1;

    public int Count => _window.Count + _settled.Count;

    public long Bytes => _window.Bytes + _settled.Bytes;

    public void Add(LocalEntry entry)
    {
        _frequencies.MakeRoomFor(Count);
        _frequencies.Count(entry.Key);
        entry.IsSettled = false;
        _window.Add(entry);
    }

    public void Remove(LocalEntry entry) => (entry.IsSettled ? _settled : _window).Remove(entry);

    public void Clear()
    {
        _window.Clear();
        _settled.Clear();
        _frequencies.Clear();
    }

    /// <summary>The entry to evict next; there is at least one.</summary>
    /// <param name="size">That of the new entry that needs room, or 0.</param>
    public LocalEntry Next(long size)
    {
        for (var passed = 0; _window.Oldest is { } newcomer && IsWindowFull(size); passed++)
        {
            var frequency = _frequencies.Estimate(newcomer.Key) + newcomer.Reads;
            if (frequency >= LeastFrequency && passed < MostPassed && _settled.Bytes + newcomer.Size <= (1 - _share) * Bytes)
            {
                Settle(newcomer);
                continue;
            }

            // One that wins stays where it is until as many have lost as it needs room.
            var settled = frequency < LeastFrequency ? null : NextSettled();
            if (settled is not null && frequency > _frequencies.Estimate(settled.Key))
            {
                return settled;
            }

            LeaveWindow(newcomer);
            return newcomer;
        }

        return NextSettled()!;
    }

    private bool IsWindowFull(long size) => _settled.Count == 0 || _window.Bytes + size > _share * Bytes;

    private LocalEntry? NextSettled()
    {
        for (var passed = 0; ; passed++)
        {
            var entry = _settled.Oldest;
            if (entry is null || entry.Reads == 0 || passed == MostPassed)
            {
                return entry;
            }

            entry.Reads--;
            _frequencies.Count(entry.Key);
            _settled.Remove(entry);
            _settled.Add(entry);
        }
    }

    private void Settle(LocalEntry entry)
    {
        LeaveWindow(entry);
        _window.Remove(entry);
        entry.IsSettled = true;
        _settled.Add(entry);
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
        var step = (wasRead ? StepUp : -StepDown) / Count;
        _share = Math.Clamp(_share + step, LeastShare, MostShare);
    }
}
