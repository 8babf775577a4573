using Microsoft.Extensions.Caching.Memory;

namespace Larder.Local;

/// <summary>
/// What L1 keeps under a key: its size, its time, and its places in the table, the order of eviction and the wheel of
/// deadlines. The places are fields of the entry: nodes of their own would cost as much again as all of them.
/// </summary>
internal abstract class LocalEntry
{
    /// <summary>
    /// What an entry costs besides its value and the characters of its key: the objects, its share of the table and of the
    /// frequencies, as bench/LocalMemory measures it.
    /// </summary>
    public const int Overhead = 170;

    private const byte MostReads = 3;
    private const byte SlotBits = 0x7F;
    private const byte SettledBit = 0x80;

    // Thirty-eight bits, and two for the priority, so that these, the byte below, Reads and HashByte fill one word: no entry
    // needs more than 256 GB.
    private const long MaximumSize = (1L << 38) - 1;
    private const byte SizeBits = 0x3F;
    private const int PriorityShift = 6;
    private readonly uint _sizeLow;
    private readonly byte _sizeHighAndPriority;
    private byte _place = DeadlineWheel.NoSlot;

    private long _expiresAt = MonotonicClock.Never;
    private LocalEntry? _next;

    protected LocalEntry(string key, long size, CacheItemPriority priority = CacheItemPriority.Normal)
    {
        Key = key;
        var full = Math.Min(MaximumSize, Math.Min(size, MaximumSize) + Overhead + (2L * key.Length));
        _sizeLow = (uint)full;
        _sizeHighAndPriority = (byte)((full >> 32) | ((long)priority << PriorityShift));
    }

    public string Key { get; }

    /// <summary>In bytes, with key and bookkeeping.</summary>
    public long Size => ((long)(_sizeHighAndPriority & SizeBits) << 32) | _sizeLow;

    /// <inheritdoc cref="LarderEntryOptions.LocalPriority"/>
    public CacheItemPriority Priority => (CacheItemPriority)(_sizeHighAndPriority >> PriorityShift);

    /// <summary>In bytes, of the value alone.</summary>
    public long ValueBytes => Size - Overhead - (2L * Key.Length);

    /// <summary>When it may no longer be served, on the cache's clock; a read of a sliding entry moves it.</summary>
    public long ExpiresAt
    {
        get => Volatile.Read(ref _expiresAt);
        set => Volatile.Write(ref _expiresAt, value);
    }

    /// <summary>When it need not be kept any longer; it may become later without the cache being told, but not earlier.</summary>
    public virtual long LeavesAt => ExpiresAt;

    /// <summary>How often it was read since the eviction last passed it, as far as <see cref="MostReads"/>.</summary>
    public byte Reads { get; set; }

    /// <summary>The next of its chain in the table; read without the cache's lock.</summary>
    public LocalEntry? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>A part of the key's hash: most of the others of its chain are told by it, without a look at their keys.</summary>
    public byte HashByte { get; set; }

    /// <summary>Whether it has left the window of new entries; this and all below are guarded by the cache's lock.</summary>
    public bool IsSettled
    {
        get => (_place & SettledBit) != 0;
        set => _place = (byte)(value ? _place | SettledBit : _place & SlotBits);
    }

    /// <summary>The entry that came into its queue after this one.</summary>
    public LocalEntry? Newer { get; set; }

    /// <summary>The entry that came into its queue before this one.</summary>
    public LocalEntry? Older { get; set; }

    /// <summary>Its slot in the wheel of deadlines; no slot if it never leaves; less than 128.</summary>
    public byte Slot
    {
        get => (byte)(_place & SlotBits);
        set => _place = (byte)((_place & SettledBit) | value);
    }

    /// <summary>The entry that is due after this one in its slot.</summary>
    public LocalEntry? DueNext { get; set; }

    /// <summary>The entry that is due before this one in its slot.</summary>
    public LocalEntry? DuePrevious { get; set; }

    /// <summary>Notes a hit.</summary>
    public void Visit()
    {
        // Written only if it changes: a line of memory that many cores read would otherwise move between them at every hit.
        if (Reads < MostReads)
        {
            Reads++;
        }
    }
}
