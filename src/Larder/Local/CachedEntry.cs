using Larder.Payloads;
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
    private readonly EntryTimes? _times;

    protected CachedEntry(string key, long size, in EntryTerms terms)
        : base(key, size, terms.Priority)
    {
        _origin = EntryOrigin.Of(terms.Epoch, terms.Stamp);
        Tags = terms.Tags;
        _writtenAt = terms.WrittenAt ?? Unknown;
        _times = EntryTimes.Of(terms);
        ExpiresAt = terms.LocalDeadline;
    }

    /// <summary>The epoch and the tag clock that it was loaded in.</summary>
    public EntryOrigin Origin => _origin;

    /// <summary>Its times, if it needs more than one.</summary>
    public EntryTimes? Times => _times;

    /// <inheritdoc cref="EntryTerms.Epoch"/>
    public long Epoch => _origin.Epoch;

    /// <inheritdoc cref="EntryTerms.Stamp"/>
    public TagStamp Stamp => _origin.Stamp;

    /// <inheritdoc cref="EntryTerms.Tags"/>
    public string[]? Tags { get; }

    /// <inheritdoc cref="EntryTerms.Sliding"/>
    public long Sliding => _times?.Sliding ?? 0;

    /// <summary>Whether a read changes nothing of it: it neither slides nor is refreshed early.</summary>
    public bool IsFixed => _times is null;

    /// <inheritdoc cref="EntryTerms.WrittenAt"/>
    public long? WrittenAt => _writtenAt == Unknown ? null : _writtenAt;

    /// <inheritdoc cref="EntryTerms.Validators"/>
    public Validators? Validators => Policies?.Validators;

    /// <inheritdoc cref="EntryTerms.RetryAt"/>
    public long? RetryAt => Policies?.RetryAt;

    /// <inheritdoc cref="EntryTerms.RetryNumber"/>
    public long RetryNumber => Policies?.RetryNumber ?? 0;

    /// <summary>Whether it has expired, and is there for fail-safe only: it is no hit.</summary>
    public bool IsExpired => RetryAt is not null;

    /// <inheritdoc cref="EntryTerms.EagerAt"/>
    public long EagerAt => Policies is { } policies ? Volatile.Read(ref policies.EagerAt) : MonotonicClock.Never;

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

    /// <summary>Until when fail-safe may use it; 0 if it may not.</summary>
    public long KeptUntil => Policies is { } policies ? Volatile.Read(ref policies.KeptUntil) : 0;

    /// <inheritdoc/>
    public override long LeavesAt => Math.Max(ExpiresAt, KeptUntil);

    private PolicyTimes? Policies => _times as PolicyTimes;

    /// <summary>Notes a read: a sliding entry's expiration moves.</summary>
    public void Read(long now)
    {
        if (_times is not { } times)
        {
            return;
        }

        Volatile.Write(ref times.LastRead, now);
        var slidesTo = times.Sliding == 0 ? MonotonicClock.Never : now + times.Sliding;
        ExpiresAt = IsExpired ? 0 : Math.Min(times.LocalDeadline, slidesTo);
        if (Policies is { Retention: not 0 } policies)
        {
            var expires = Math.Min(times.Deadline, slidesTo);
            Volatile.Write(ref policies.KeptUntil, expires > MonotonicClock.Never - policies.Retention ? MonotonicClock.Never : expires + policies.Retention);
        }
    }

    /// <summary>
    /// The same entry as an expired one, kept for as long as this one would be.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="retryAt">Until when it is served without another attempt at the origin.</param>
    /// <param name="retryNumber">The tag clock of before the last attempt.</param>
    public CachedEntry Expire(long now, long retryAt, long retryNumber)
    {
        var copy = With(new EntryTerms
        {
            Epoch = Epoch,
            Stamp = Stamp,
            Tags = Tags,
            Deadline = now,
            LocalDeadline = now,
            Retention = Math.Max(0, KeptUntil - now),
            RetryAt = Math.Min(retryAt, KeptUntil),
            RetryNumber = retryNumber,
            EagerAt = EagerAt,
            Validators = Validators,
            WrittenAt = WrittenAt,
            Priority = Priority,
        });
        copy.CheckedAt = CheckedAt;
        copy.Read(now);
        return copy;
    }

    /// <summary>Whether the caller is the one to refresh it in the background.</summary>
    public bool BeginEagerRefresh(long now)
    {
        var at = EagerAt;
        return now >= at && Interlocked.CompareExchange(ref Policies!.EagerAt, MonotonicClock.Never, at) == at;
    }

    /// <summary>Whether the caller is the one to tell L2 about a sliding entry's reads; nobody else is until <see cref="TouchDone"/>.</summary>
    public bool BeginTouch() => Volatile.Read(ref _times!.TouchPending) == 0 && Interlocked.Exchange(ref _times.TouchPending, 1) == 0;

    /// <summary>L2 was told.</summary>
    public void TouchDone() => Volatile.Write(ref _times!.TouchPending, 0);

    /// <summary>The type that it was cached as.</summary>
    public abstract Type Type { get; }

    /// <summary>The value as its serializer writes it.</summary>
    public abstract ReadOnlyMemory<byte> Serialize(PayloadSerializers serializers);

    /// <summary>The same value on other terms.</summary>
    protected abstract CachedEntry With(in EntryTerms terms);
}
