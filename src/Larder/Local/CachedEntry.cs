using Larder.Stores;

namespace Larder.Local;

/// <summary>An entry of L1 with what decides whether it may be served.</summary>
internal abstract class CachedEntry : LocalEntry
{
    /// <summary>The epoch of an entry that is served without trust: L2 was down when it was made, and it lives for a short time only.</summary>
    public const long Detached = -1;

    private const long Unknown = long.MinValue;

    private readonly EntryOrigin _origin;
    private readonly long _writtenAt;
    private readonly OwnTimes? _times;

    protected CachedEntry(string key, long size, in EntryTerms terms)
        : base(key, size)
    {
        _origin = EntryOrigin.Of(terms.Epoch, terms.Stamp);
        Tags = terms.Tags;
        _writtenAt = terms.WrittenAt ?? Unknown;
        _times = terms.Sliding == 0 && terms.LocalDeadline == terms.Deadline ? null : new OwnTimes(terms);
        ExpiresAt = terms.LocalDeadline;
    }

    /// <inheritdoc cref="EntryTerms.Epoch"/>
    public long Epoch => _origin.Epoch;

    /// <inheritdoc cref="EntryTerms.Stamp"/>
    public TagStamp Stamp => _origin.Stamp;

    /// <inheritdoc cref="EntryTerms.Tags"/>
    public string[]? Tags { get; }

    /// <inheritdoc cref="EntryTerms.Sliding"/>
    public long Sliding => _times?.Sliding ?? 0;

    /// <inheritdoc cref="EntryTerms.WrittenAt"/>
    public long? WrittenAt => _writtenAt == Unknown ? null : _writtenAt;

    /// <summary>The node's tag revision at which it was last found valid.</summary>
    public long CheckedAt { get; set; }

    /// <summary>When a sliding entry was last read here.</summary>
    public long LastRead => _times is null ? 0 : Volatile.Read(ref _times.LastRead);

    /// <summary>When it expires if nobody reads it any more.</summary>
    public long ExpiresIfUnread => _times switch
    {
        null => ExpiresAt,
        { Sliding: 0 } => _times.Deadline,
        _ => Math.Min(_times.Deadline, MonotonicClock.After(LastRead, TimeSpan.FromMilliseconds(Sliding))),
    };

    /// <summary>Notes a read: a sliding entry's expiration moves.</summary>
    public void Read(long now)
    {
        if (_times is { Sliding: not 0 })
        {
            Volatile.Write(ref _times.LastRead, now);
            ExpiresAt = Math.Min(_times.LocalDeadline, now + _times.Sliding);
        }
    }

    /// <summary>Whether the caller is the one to tell L2 about a sliding entry's reads; nobody else is until <see cref="TouchDone"/>.</summary>
    public bool BeginTouch() => Volatile.Read(ref _times!.TouchPending) == 0 && Interlocked.Exchange(ref _times.TouchPending, 1) == 0;

    /// <summary>L2 was told.</summary>
    public void TouchDone() => Volatile.Write(ref _times!.TouchPending, 0);

    /// <summary>The times of an entry that slides, or whose copy in L1 ends before the entry does; others have but one.</summary>
    private sealed class OwnTimes(in EntryTerms terms)
    {
        public readonly long Sliding = terms.Sliding;
        public readonly long Deadline = terms.Deadline;
        public readonly long LocalDeadline = terms.LocalDeadline;
        public long LastRead;
        public int TouchPending;
    }
}
