using Larder.Stores;

namespace Larder.Local;

/// <summary>An entry of L1 with what decides whether it may be served.</summary>
internal abstract class CachedEntry(string key, long size) : LocalEntry(key, size)
{
    /// <summary>The epoch of an entry that is served without trust: L2 was down when it was made, and it lives for a short time only.</summary>
    public const long Detached = -1;

    private int _touchPending;
    private long _lastRead;

    /// <summary>The trust epoch in which it was loaded.</summary>
    public long Epoch { get; init; }

    /// <summary>The tag clock before it was loaded.</summary>
    public TagStamp Stamp { get; init; }

    /// <summary>The tags that it was stored with.</summary>
    public string[]? Tags { get; init; }

    /// <summary>The node's tag revision at which it was last found valid.</summary>
    public long CheckedAt { get; set; }

    /// <summary>When its absolute expiration ends it.</summary>
    public long Deadline { get; init; } = MonotonicClock.Never;

    /// <summary>When this copy must leave L1; never later than <see cref="Deadline"/>.</summary>
    public long LocalDeadline { get; init; } = MonotonicClock.Never;

    /// <summary>The sliding expiration in milliseconds; 0 if it does not slide.</summary>
    public long Sliding { get; init; }

    /// <summary>When it was written; <see langword="null"/> if unknown.</summary>
    public long? WrittenAt { get; init; }

    /// <summary>When a sliding entry was last read here.</summary>
    public long LastRead => Volatile.Read(ref _lastRead);

    /// <summary>When it expires if nobody reads it any more.</summary>
    public long ExpiresIfUnread => Sliding == 0 ? Deadline : Math.Min(Deadline, MonotonicClock.After(LastRead, TimeSpan.FromMilliseconds(Sliding)));

    /// <summary>Notes a read: a sliding entry's expiration moves.</summary>
    public void Read(long now)
    {
        Volatile.Write(ref _lastRead, now);
        ExpiresAt = Sliding == 0 ? LocalDeadline : Math.Min(LocalDeadline, now + Sliding);
    }

    /// <summary>Whether the caller is the one to tell L2 about the reads; nobody else is until <see cref="TouchDone"/>.</summary>
    public bool BeginTouch() => Volatile.Read(ref _touchPending) == 0 && Interlocked.Exchange(ref _touchPending, 1) == 0;

    /// <summary>L2 was told.</summary>
    public void TouchDone() => Volatile.Write(ref _touchPending, 0);
}
