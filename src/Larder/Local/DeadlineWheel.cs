namespace Larder.Local;

/// <summary>
/// Entries by when they leave: a hierarchical timing wheel (Varghese and Lauck, 1987). A slot of the first level holds what
/// leaves within the same 8 seconds, one of the next level 16 times as much, and so on; when the time of a slot comes, its
/// entries leave, or move to where they belong by now. So a deadline that moves costs nothing until the one that was known
/// comes. Nothing else is looked at. Not thread-safe.
/// </summary>
internal sealed class DeadlineWheel
{
    /// <summary>The slot of an entry that is not in the wheel.</summary>
    public const byte NoSlot = 127;

    private const int TickBits = 13;
    private const int SpanBits = 4;
    private const int Span = 1 << SpanBits;
    private const int Levels = 3;

    // Twice the span, so that an entry never moves into the slot that is being emptied.
    private const int SlotsOfLevel = 2 * Span;
    private const int Turn = SlotsOfLevel << ((Levels - 1) * SpanBits);

    private readonly LocalEntry?[] _slots = new LocalEntry?[Levels * SlotsOfLevel];
    private long _tick;

    public void Add(LocalEntry entry)
    {
        if (entry.LeavesAt == MonotonicClock.Never)
        {
            return;
        }

        var slot = SlotFor(entry.LeavesAt >> TickBits);
        entry.Slot = (byte)slot;
        entry.DuePrevious = null;
        entry.DueNext = _slots[slot];
        if (entry.DueNext is not null)
        {
            entry.DueNext.DuePrevious = entry;
        }

        _slots[slot] = entry;
    }

    public void Remove(LocalEntry entry)
    {
        if (entry.Slot == NoSlot)
        {
            return;
        }

        if (entry.DueNext is not null)
        {
            entry.DueNext.DuePrevious = entry.DuePrevious;
        }

        if (entry.DuePrevious is not null)
        {
            entry.DuePrevious.DueNext = entry.DueNext;
        }
        else
        {
            _slots[entry.Slot] = entry.DueNext;
        }

        entry.DueNext = entry.DuePrevious = null;
        entry.Slot = NoSlot;
    }

    public void Clear() => Array.Clear(_slots);

    /// <summary>
    /// The next entry of a slot whose time has come, if there is one: it is to be removed, and to be added again if it
    /// does not leave yet.
    /// </summary>
    public LocalEntry? Next(long now)
    {
        // One turn of the last level comes to every slot: no pause is worth more.
        var until = now >> TickBits;
        _tick = Math.Max(_tick, until - Turn);
        while (true)
        {
            if (NextOfTick() is { } entry)
            {
                return entry;
            }

            if (_tick >= until)
            {
                return null;
            }

            _tick++;
        }
    }

    // A slot of the first level is emptied when its time is over, one of the others when it begins.
    private LocalEntry? NextOfTick()
    {
        var entry = _slots[Index(0, _tick - 1)];
        for (var level = 1; entry is null && level < Levels; level++)
        {
            entry = _slots[Index(level, _tick >> (level * SpanBits))];
        }

        return entry;
    }

    private int SlotFor(long tick)
    {
        tick = Math.Max(tick, _tick);
        for (var level = 0; level < Levels; level++)
        {
            var shift = level * SpanBits;
            var (at, current) = (tick >> shift, _tick >> shift);
            if (at - current < Span)
            {
                return Index(level, at);
            }
        }

        return Index(Levels - 1, (_tick >> ((Levels - 1) * SpanBits)) + Span - 1);
    }

    private static int Index(int level, long tick) => (level * SlotsOfLevel) + (int)(tick & (SlotsOfLevel - 1));
}
