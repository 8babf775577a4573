namespace Larder.Local;

/// <summary>What L1 keeps under a key: its size, its time, and its place in the order of eviction.</summary>
internal abstract class LocalEntry(string key, long size)
{
    /// <summary>What an entry costs besides its value: the objects, the key's place in the dictionary.</summary>
    private const int Overhead = 150;

    private long _expiresAt = MonotonicClock.Never;

    public string Key => key;

    /// <summary>In bytes, with key and bookkeeping.</summary>
    public long Size { get; } = size + Overhead + (2L * key.Length);

    /// <summary>In bytes, of the value alone.</summary>
    protected long ValueBytes => Size - Overhead - (2L * Key.Length);

    /// <summary>When it may no longer be served, on the cache's clock; a read of a sliding entry moves it.</summary>
    public long ExpiresAt
    {
        get => Volatile.Read(ref _expiresAt);
        set => Volatile.Write(ref _expiresAt, value);
    }

    /// <summary>When it need not be kept any longer.</summary>
    public virtual long LeavesAt => ExpiresAt;

    /// <summary>Whether it was read since the hand of the eviction passed it.</summary>
    public bool IsVisited { get; set; }

    /// <summary>The entry that was inserted after this one; guarded by the cache's lock.</summary>
    public LocalEntry? Newer { get; set; }

    /// <summary>The entry that was inserted before this one; guarded by the cache's lock.</summary>
    public LocalEntry? Older { get; set; }
}
