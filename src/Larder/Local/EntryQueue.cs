namespace Larder.Local;

/// <summary>Entries in the order in which they came, linked through themselves. Not thread-safe.</summary>
internal sealed class EntryQueue
{
    private LocalEntry? _newest;

    public LocalEntry? Oldest { get; private set; }

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void Add(LocalEntry entry)
    {
        entry.Older = _newest;
        if (_newest is not null)
        {
            _newest.Newer = entry;
        }

        _newest = entry;
        Oldest ??= entry;
        Count++;
        Bytes += entry.Size;
    }

    public void Remove(LocalEntry entry)
    {
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
            Oldest = entry.Newer;
        }

        entry.Newer = entry.Older = null;
        Count--;
        Bytes -= entry.Size;
    }

    public void Clear()
    {
        _newest = Oldest = null;
        Count = 0;
        Bytes = 0;
    }
}
