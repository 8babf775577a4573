using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Larder.Consistency;

/// <summary>
/// What the processes share: the origin (a version a key), when which version's invalidation completed, and the counts. It is
/// memory of the machine, so that it survives the killing of any process, and times are those of the machine's one monotonic clock.
/// </summary>
internal sealed unsafe class SharedState : IDisposable
{
    public const int Keys = 24;
    public const int Tags = 4;
    public const int MaximumNodes = 16;

    // How many versions of a key are remembered; older ones count as being as old as the oldest of these.
    private const int Remembered = 1 << 14;
    private const int NodeSlots = 64;
    private const int PhaseAt = 0;
    private const int VersionsAt = 8;
    private const int CompletedAt = VersionsAt + Keys;
    private const int LocksAt = CompletedAt + Keys;
    private const int NodesAt = LocksAt + Keys;
    private const int OwnAt = NodesAt + (MaximumNodes * NodeSlots);
    private const int TimesAt = OwnAt + (MaximumNodes * Keys);
    private const long Length = TimesAt + ((long)Keys * Remembered);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _slots;

    public SharedState(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Length * sizeof(long));
        _view = _file.CreateViewAccessor();
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _slots = (long*)start;
    }

    public Phase Phase
    {
        get => (Phase)Volatile.Read(ref _slots[PhaseAt]);
        set => Volatile.Write(ref _slots[PhaseAt], (long)value);
    }

    /// <summary>What the origin answers.</summary>
    public long Version(int key) => Volatile.Read(ref _slots[VersionsAt + key]);

    /// <summary>Changes the origin, as an app's UPDATE does.</summary>
    public long Update(int key) => Interlocked.Increment(ref _slots[VersionsAt + key]);

    /// <summary>The newest version whose invalidation is complete.</summary>
    public long Completed(int key) => Volatile.Read(ref _slots[CompletedAt + key]);

    /// <summary>The newest version that the node itself has invalidated.</summary>
    public long CompletedBy(int node, int key) => Volatile.Read(ref _slots[OwnAt + (node * Keys) + key]);

    /// <summary>The node's own call has returned.</summary>
    public void CompleteOn(int node, int key, long version) => Volatile.Write(ref _slots[OwnAt + (node * Keys) + key], version);

    /// <summary>The invalidation is complete, for all.</summary>
    public void Complete(int key, long version, bool byTag)
    {
        // The lowest bit of the time, a nanosecond, says what it was.
        Volatile.Write(ref TimeOf(key, version), (Stopwatch.GetTimestamp() & ~1L) | (byTag ? 1L : 0L));
        Volatile.Write(ref _slots[CompletedAt + key], version);
    }

    /// <summary>When <paramref name="version"/> became stale, and whether only tags were invalidated since.</summary>
    public (long At, bool ByTagOnly) Outdated(int key, long version, long completed)
    {
        var first = long.MaxValue;
        var byTagOnly = true;
        for (var next = Math.Max(version + 1, completed - Remembered + 1); next <= completed; next++)
        {
            // None for a version whose writer was killed.
            if (Volatile.Read(ref TimeOf(key, next)) is not 0 and var time)
            {
                first = Math.Min(first, time);
                byTagOnly &= (time & 1) != 0;
            }
        }

        return (first, byTagOnly);
    }

    /// <summary>Writers of one key take turns, as transactions on its row would.</summary>
    public bool TryLock(int node, int key)
    {
        ref var holder = ref _slots[LocksAt + key];
        var seen = Volatile.Read(ref holder);
        return seen <= 0 && Interlocked.CompareExchange(ref holder, node + 1, seen) == seen;
    }

    public void Unlock(int key) => Volatile.Write(ref _slots[LocksAt + key], 0);

    /// <summary>Whether a writer of the key was killed before its invalidation was complete: somebody must do it again.</summary>
    public bool IsAbandoned(int key) => Volatile.Read(ref _slots[LocksAt + key]) < 0;

    /// <summary>The node was killed: what it was writing is abandoned, and what it knew is gone.</summary>
    public void Abandon(int node)
    {
        for (var key = 0; key < Keys; key++)
        {
            Interlocked.CompareExchange(ref _slots[LocksAt + key], -1, node + 1);
            CompleteOn(node, key, 0);
        }
    }

    public void Count(int node, Counter counter, long by = 1) => Interlocked.Add(ref Slot(node, counter), by);

    public void CountMaximum(int node, Counter counter, long value)
    {
        for (var seen = Read(node, counter); value > seen; seen = Read(node, counter))
        {
            if (Interlocked.CompareExchange(ref Slot(node, counter), value, seen) == seen)
            {
                return;
            }
        }
    }

    public long Read(int node, Counter counter) => Volatile.Read(ref Slot(node, counter));

    public void Set(int node, Counter counter, long value) => Volatile.Write(ref Slot(node, counter), value);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private ref long Slot(int node, Counter counter) => ref _slots[NodesAt + (node * NodeSlots) + (int)counter];

    private ref long TimeOf(int key, long version) => ref _slots[TimesAt + (key * (long)Remembered) + (version % Remembered)];
}

/// <summary>What the nodes are to do.</summary>
internal enum Phase
{
    /// <summary>Start, and wait.</summary>
    Starting,

    /// <summary>Read and write.</summary>
    Running,

    /// <summary>Read only, and do again what a killed writer left.</summary>
    Settling,

    /// <summary>Read each key once: what is stale now stays stale.</summary>
    Checking,

    /// <summary>End.</summary>
    Ending,
}

/// <summary>What each node counts.</summary>
internal enum Counter
{
    /// <summary>1 when it has done what the phase asks for.</summary>
    Ready,
    Reads,
    FactoryRuns,
    Writes,
    FailedReads,
    FailedWrites,

    /// <summary>Stale reads of what the node itself had invalidated, and the oldest in microseconds.</summary>
    StaleOwn,
    StaleOwnAge,

    /// <summary>Stale reads of L2, past L1, after the removal or setting of a key.</summary>
    StaleStore,
    StaleStoreAge,

    /// <summary>Stale reads of what another node had invalidated, by age.</summary>
    StaleOther,
    StaleOtherOver50Milliseconds,
    StaleOtherOverMaxStaleness,
    StaleOtherAge,
    SlowestRead,
    StaleAtEnd,
}
