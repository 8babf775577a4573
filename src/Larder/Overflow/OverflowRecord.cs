using Larder.Local;
using Larder.Stores;
using Microsoft.Extensions.Caching.Memory;

namespace Larder.Overflow;

/// <summary>
/// An entry that L1 had no room for: where its value is, and what decides whether it may be served. All but the value is in memory.
/// </summary>
internal sealed class OverflowRecord
{
    private const long Unknown = long.MinValue;

    private readonly EntryOrigin _origin;
    private readonly long _writtenAt;
    private readonly int _priority;
    private EntryTimes? _times;
    private object _source;
    private long _expiresAt;

    public OverflowRecord(CachedEntry entry)
    {
        Key = entry.Key;
        Type = entry.Type;
        Tags = entry.Tags;
        ValueBytes = entry.ValueBytes;
        _origin = entry.Origin;
        _writtenAt = entry.WrittenAt ?? Unknown;
        _priority = (int)entry.Priority;
        _times = entry.Times;
        _expiresAt = entry.ExpiresAt;
        _source = entry;
        CheckedAt = entry.CheckedAt;
    }

    public string Key { get; }

    /// <summary>The type that it was cached as.</summary>
    public Type Type { get; }

    public string[]? Tags { get; }

    /// <summary>What the value takes in L1.</summary>
    public long ValueBytes { get; }

    public long Epoch => _origin.Epoch;

    public TagStamp Stamp => _origin.Stamp;

    /// <summary>The node's tag revision at which it was last found valid.</summary>
    public long CheckedAt { get; set; }

    /// <summary>When it may no longer be served.</summary>
    public long ExpiresAt => Volatile.Read(ref _expiresAt);

    /// <summary>The entry itself, as long as it is not in a file.</summary>
    public CachedEntry? Waiting => Volatile.Read(ref _source) as CachedEntry;

    /// <summary>The file that it is in; <see langword="null"/> if it is in none yet.</summary>
    public OverflowSegment? Segment => Volatile.Read(ref _source) as OverflowSegment;

    /// <summary>Where it is in its file.</summary>
    public long Position { get; private set; }

    /// <summary>How many bytes it has there.</summary>
    public int Length { get; private set; }

    /// <summary>The terms of the entry that is made of it again.</summary>
    public EntryTerms Terms
    {
        get
        {
            var (times, expiresAt) = (_times, ExpiresAt);
            var policies = times as PolicyTimes;
            return new()
            {
                Epoch = Epoch,
                Stamp = Stamp,
                Tags = Tags,
                Deadline = times?.Deadline ?? expiresAt,
                LocalDeadline = times?.LocalDeadline ?? expiresAt,
                Sliding = times?.Sliding ?? 0,
                Retention = policies?.Retention ?? 0,
                RetryNumber = policies?.RetryNumber ?? 0,
                EagerAt = policies is null ? MonotonicClock.Never : Volatile.Read(ref policies.EagerAt),
                Validators = policies?.Validators,
                WrittenAt = _writtenAt == Unknown ? null : _writtenAt,
                Priority = (CacheItemPriority)_priority,
            };
        }
    }

    /// <summary>L1 evicts it once more, after it was read from here: it may have slid meanwhile.</summary>
    public void Refresh(CachedEntry entry)
    {
        _times = entry.Times;
        CheckedAt = entry.CheckedAt;
        Volatile.Write(ref _expiresAt, entry.ExpiresAt);
    }

    /// <summary>It is in a file, and in memory no more.</summary>
    public void MoveTo(OverflowSegment segment, long position, int length)
    {
        (Position, Length) = (position, length);
        Volatile.Write(ref _source, segment);
    }
}
