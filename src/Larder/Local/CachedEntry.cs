using Larder.Stores;

namespace Larder.Local;

/// <summary>An entry of L1 with what decides whether it may be served.</summary>
internal abstract class CachedEntry(string key, long size, in EntryTerms terms) : LocalEntry(key, size)
{
    /// <summary>The epoch of an entry that is served without trust: L2 was down when it was made, and it lives for a short time only.</summary>
    public const long Detached = -1;

    private readonly EntryTerms _terms = terms;
    private int _touchPending;
    private long _lastRead;

    /// <inheritdoc cref="EntryTerms.Epoch"/>
    public long Epoch => _terms.Epoch;

    /// <inheritdoc cref="EntryTerms.Stamp"/>
    public TagStamp Stamp => _terms.Stamp;

    /// <inheritdoc cref="EntryTerms.Tags"/>
    public string[]? Tags => _terms.Tags;

    /// <inheritdoc cref="EntryTerms.Sliding"/>
    public long Sliding => _terms.Sliding;

    /// <inheritdoc cref="EntryTerms.WrittenAt"/>
    public long? WrittenAt => _terms.WrittenAt;

    /// <summary>The node's tag revision at which it was last found valid.</summary>
    public long CheckedAt { get; set; }

    /// <summary>When a sliding entry was last read here.</summary>
    public long LastRead => Volatile.Read(ref _lastRead);

    /// <summary>When it expires if nobody reads it any more.</summary>
    public long ExpiresIfUnread => Sliding == 0 ? _terms.Deadline : Math.Min(_terms.Deadline, MonotonicClock.After(LastRead, TimeSpan.FromMilliseconds(Sliding)));

    /// <summary>Notes a read: a sliding entry's expiration moves.</summary>
    public void Read(long now)
    {
        Volatile.Write(ref _lastRead, now);
        ExpiresAt = Sliding == 0 ? _terms.LocalDeadline : Math.Min(_terms.LocalDeadline, now + Sliding);
    }

    /// <summary>Whether the caller is the one to tell L2 about the reads; nobody else is until <see cref="TouchDone"/>.</summary>
    public bool BeginTouch() => Volatile.Read(ref _touchPending) == 0 && Interlocked.Exchange(ref _touchPending, 1) == 0;

    /// <summary>L2 was told.</summary>
    public void TouchDone() => Volatile.Write(ref _touchPending, 0);
}
