using Larder.Local;
using Larder.Options;
using Larder.Tags;
using Microsoft.Extensions.Options;

namespace Larder.Overflow;

/// <summary>
/// The level between L1 and L2: what L1 evicts, on this node's disk. L1 hands an entry over before it is gone from there, and an
/// invalidation drops what L1 has before what is here; so there is no moment at which an old entry is in neither, and comes here
/// afterwards. Reads of it are in <see cref="OverflowReads"/>.
/// </summary>
internal sealed class OverflowLevel : IAsyncDisposable
{
    private const long LeastQueue = 1 << 20;
    private const int ShareOfLocal = 16;

    // A disk that fails is left alone for a while, and told of once in that.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly CacheNode _node;
    private readonly OverflowIndex _index = new();
    private readonly OverflowDirectory _directory;
    private readonly OverflowQueue _queue;
    private readonly OverflowFiles _files;
    private readonly HashSet<Type> _unserializable = [];
    private readonly Task _writing;
    private long _offUntil;
    private int _isFaulty;
    private bool _isOnTrial;
    private volatile bool _isClosed;

    private OverflowLevel(CacheNode node, OverflowDirectory directory)
    {
        _node = node;
        _directory = directory;
        _queue = new OverflowQueue(Math.Max(LeastQueue, node.Options.Local.MaximumBytes / ShareOfLocal));
        _files = new OverflowFiles(directory, node.Options.Local.Overflow, _index)
        {
            Leaving = leaving => _index.DropWhere(record => ReferenceEquals(record.Segment, leaving) || IsDead(record)),
        };
        _writing = Task.Run(WriteAllAsync);
    }

    public int Count => _index.Count;

    public long Bytes => _files.Bytes;

    /// <summary>How many entries wait to be written.</summary>
    public long Waiting => _queue.Count;

    /// <summary>The files, while nothing waits.</summary>
    public IEnumerable<OverflowSegment> Segments => _files.Segments;

    /// <summary>The overflow that the options ask for; <see langword="null"/> if they ask for none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cacheName">The cache's name.</param>
    /// <exception cref="OptionsValidationException">Its directory can't be made or written to.</exception>
    public static OverflowLevel? Open(CacheNode node, string cacheName)
    {
        if (node.Options.Local.Overflow.Directory is not { } path)
        {
            return null;
        }

        try
        {
            return new(node, OverflowDirectory.Open(path, cacheName));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var settings = new SettingChecks(SectionName.Of(cacheName));
            settings.True("Local:Overflow:Directory", path, isValid: false, $"a directory that this process can make and write to ({fault.Message})");
            throw new OptionsValidationException(cacheName, typeof(LarderOptions), settings.Result.Failures);
        }
    }

    /// <summary>Takes over what L1 is about to evict, if there is room for it in the queue. Called under L1's lock.</summary>
    public void Take(CachedEntry entry)
    {
        var now = _node.Clock.Now;

        // One that was made while L2 was down can't be judged later, and one that has expired is there for fail-safe only.
        if (entry.Epoch == _node.Trust.Epoch && !entry.IsExpired && now < entry.ExpiresAt && now >= Volatile.Read(ref _offUntil))
        {
            _index.Add(entry, _queue);
        }
    }

    /// <summary>Finds an entry that may be served, by the checks of a hit in L1.</summary>
    public OverflowRecord? Find(string key, Type type)
    {
        if (_index.Find(key) is not { } record || record.Type != type)
        {
            return null;
        }

        if (IsDead(record))
        {
            _index.Drop(record);
            return null;
        }

        return _node.Trust.Covers(record.Epoch, _node.Clock.Now) && Check(record) == TagVerdict.Valid ? record : null;
    }

    /// <summary>Whether it has an entry of the key that has not expired.</summary>
    public bool Holds(string key) => _index.Find(key) is { } record && !IsDead(record);

    /// <summary>Whether a record is still there: nothing has invalidated it.</summary>
    public bool Has(OverflowRecord record) => _index.Has(record);

    /// <summary>Drops the entry of a key, after L1 did.</summary>
    public void Drop(string key) => _index.Drop(key);

    /// <summary>Drops a record that can't be read.</summary>
    public void Drop(OverflowRecord record) => _index.Drop(record);

    /// <summary>Drops everything, and takes nothing until <see cref="EndClear"/>: L1 has old entries until it is cleared.</summary>
    public void BeginClear() => _index.BeginClear();

    /// <inheritdoc cref="BeginClear"/>
    public void EndClear() => _index.EndClear();

    /// <summary>The disk has failed: nothing is read or written for a while, and what was written is given up.</summary>
    public void Suspend(Exception fault)
    {
        var now = _node.Clock.Now;
        var offUntil = Volatile.Read(ref _offUntil);
        if (now >= offUntil && Interlocked.CompareExchange(ref _offUntil, MonotonicClock.After(now, Pause), offUntil) == offUntil)
        {
            Log.OverflowOff(_node.Log, _directory.FullPath, Pause, fault);
        }

        Volatile.Write(ref _isFaulty, 1);
        _index.BeginClear();
        _index.EndClear();
    }

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        _queue.Complete();
        await _writing.ConfigureAwait(false);
        _index.BeginClear();
        _files.Dispose();
    }

    private async Task WriteAllAsync()
    {
        while (await _queue.WaitAsync().ConfigureAwait(false))
        {
            var (count, bytes) = (0, 0L);
            try
            {
                while (_queue.TryTake(out var record))
                {
                    (count, bytes) = (count + 1, bytes + (record.Waiting?.Size ?? 0));
                    await WriteAsync(record).ConfigureAwait(false);
                    if (_files.IsFlushed)
                    {
                        _queue.Release(count, bytes);
                        (count, bytes) = (0, 0);
                    }
                }

                await _files.FlushAsync().ConfigureAwait(false);
                NoteWritten();
            }
            catch (Exception fault)
            {
                Suspend(fault);
                _files.Close();
            }

            _queue.Release(count, bytes);
        }
    }

    private ValueTask WriteAsync(OverflowRecord record)
    {
        if (Interlocked.Exchange(ref _isFaulty, 0) != 0)
        {
            _files.Close();
            _isOnTrial = true;
        }

        // What was dropped while it waited is not there any more; what could not be packed shall not be either.
        if (_isClosed || record.Waiting is not { } entry || !_index.Has(record))
        {
            return default;
        }

        if (Pack(entry) is { } bytes && _files.Takes(bytes.Length))
        {
            return _files.AddAsync(record, bytes);
        }

        _index.Drop(record);
        return default;
    }

    private ReadOnlyMemory<byte>? Pack(CachedEntry entry)
    {
        try
        {
            return _node.Packing.Pack(entry.Key, entry.Serialize(_node.Serializers), compress: true);
        }
        catch (Exception fault)
        {
            // Once for a type: with memory alone below L1 it is the first time that anybody serializes it.
            if (_unserializable.Add(entry.Type))
            {
                Log.LeftOutOfOverflow(_node.Log, entry.Type, fault);
            }

            return null;
        }
    }

    private void NoteWritten()
    {
        if (_isOnTrial && _files.Bytes > 0)
        {
            _isOnTrial = false;
            Log.OverflowOn(_node.Log, _directory.FullPath);
        }
    }

    // Never served again: the epoch and the tag clock only go on.
    private bool IsDead(OverflowRecord record) =>
        _node.Clock.Now >= record.ExpiresAt
        || record.Epoch != _node.Trust.Epoch
        || Check(record) is TagVerdict.Invalid or TagVerdict.Expired;

    // As of a hit in L1: of a tag that nobody has invalidated since, the clock need not know anything.
    private TagVerdict Check(OverflowRecord record)
    {
        var revision = _node.Tags.Revision;
        if (record.CheckedAt == revision)
        {
            return TagVerdict.Valid;
        }

        var verdict = _node.Tags.Check(record.Stamp, record.Tags);
        if (verdict == TagVerdict.Valid)
        {
            record.CheckedAt = revision;
        }

        return verdict;
    }
}
