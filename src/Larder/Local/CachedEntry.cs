using Larder.Stores;

namespace Larder.Local;

/// <summary>An entry of L1 with what decides whether it may be served.</summary>
internal abstract class CachedEntry : LocalEntry
{
    /// <summary>The epoch of an entry that is served without trust: L2 was down when it was made, and it lives for a short time only.</summary>
    public const long Detached = -1;

    private readonly EntryTerms _terms;
    private int _touchPending;
    private long _lastRead;
    private long _keptUntil;
    private long _eagerAt;

    protected CachedEntry(string key, long size, in EntryTerms terms)
        : base(key, size)
    {
        _terms = terms;
        _eagerAt = terms.EagerAt;
    }

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

    /// <inheritdoc cref="EntryTerms.Validators"/>
    public Validators? Validators => _terms.Validators;

    /// <inheritdoc cref="EntryTerms.RetryAt"/>
    public long? RetryAt => _terms.RetryAt;

    /// <summary>Whether it has expired, and is there for fail-safe only: it is no hit.</summary>
    public bool IsExpired => _terms.RetryAt is not null;

    /// <inheritdoc cref="EntryTerms.EagerAt"/>
    public long EagerAt => Volatile.Read(ref _eagerAt);

    /// <summary>The node's tag revision at which it was last found valid.</summary>
    public long CheckedAt { get; set; }

    /// <summary>When a sliding entry was last read here.</summary>
    public long LastRead => Volatile.Read(ref _lastRead);

    /// <summary>When it expires if nobody reads it any more.</summary>
    public long ExpiresIfUnread => Sliding == 0 ? _terms.Deadline : Math.Min(_terms.Deadline, MonotonicClock.After(LastRead, TimeSpan.FromMilliseconds(Sliding)));

    /// <summary>Until when fail-safe may use it; 0 if it may not.</summary>
    public long KeptUntil => Volatile.Read(ref _keptUntil);

    /// <inheritdoc/>
    public override long LeavesAt => Math.Max(ExpiresAt, KeptUntil);

    /// <summary>Notes a read: a sliding entry's expiration moves.</summary>
    public void Read(long now)
    {
        Volatile.Write(ref _lastRead, now);
        var slidesTo = Sliding == 0 ? MonotonicClock.Never : now + Sliding;
        ExpiresAt = IsExpired ? 0 : Math.Min(_terms.LocalDeadline, slidesTo);
        if (_terms.Retention != 0)
        {
            var expires = Math.Min(_terms.Deadline, slidesTo);
            Volatile.Write(ref _keptUntil, expires > MonotonicClock.Never - _terms.Retention ? MonotonicClock.Never : expires + _terms.Retention);
        }
    }

    /// <summary>
    /// The same entry as an expired one, kept for as long as this one would be.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="retryAt">Until when it is served without another attempt at the origin.</param>
    public CachedEntry Expire(long now, long retryAt)
    {
        var keptFor = Math.Max(0, KeptUntil - now);
        var copy = With(_terms with { Deadline = now, LocalDeadline = now, Sliding = 0, Retention = keptFor, RetryAt = Math.Min(retryAt, KeptUntil) });
        copy.CheckedAt = CheckedAt;
        copy.Read(now);
        return copy;
    }

    /// <summary>Whether the caller is the one to refresh it in the background.</summary>
    public bool BeginEagerRefresh(long now)
    {
        var at = EagerAt;
        return now >= at && Interlocked.CompareExchange(ref _eagerAt, MonotonicClock.Never, at) == at;
    }

    /// <summary>Whether the caller is the one to tell L2 about the reads; nobody else is until <see cref="TouchDone"/>.</summary>
    public bool BeginTouch() => Volatile.Read(ref _touchPending) == 0 && Interlocked.Exchange(ref _touchPending, 1) == 0;

    /// <summary>L2 was told.</summary>
    public void TouchDone() => Volatile.Write(ref _touchPending, 0);

    /// <summary>The same value on other terms.</summary>
    protected abstract CachedEntry With(in EntryTerms terms);
}
