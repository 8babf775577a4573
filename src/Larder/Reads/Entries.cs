using Larder.Fences;
using Larder.Flights;
using Larder.Local;
using Larder.Payloads;
using Larder.Policies;
using Larder.Stores;

namespace Larder.Reads;

/// <summary>Makes the entries of L1.</summary>
internal static class Entries
{
    /// <summary>An entry for a value that this node made or read.</summary>
    public static CachedEntry Make<T>(this CacheNode node, string key, T value, ReadOnlyMemory<byte>? payload, in EntryFacts facts)
    {
        var size = facts.Policy.LocalSize ?? node.Options.Local.Measure(value) ?? payload?.Length ?? ValueSize.Estimate(value);
        var isBounded = IsBounded(node, facts);
        var deadline = facts.IsExpired ? facts.Now : MonotonicClock.After(facts.Now, facts.ExpiresIn);
        var terms = new EntryTerms
        {
            Epoch = facts.Epoch,
            Stamp = facts.Stamp,
            Tags = facts.Tags,
            Deadline = deadline,
            LocalDeadline = Math.Min(deadline, LocalDeadline(node, facts, isBounded)),
            Sliding = facts.IsExpired ? 0 : Milliseconds(facts.SlidingExpiration),
            Retention = isBounded ? 0 : Milliseconds(facts.Retention),
            RetryAt = facts.IsExpired ? MonotonicClock.After(facts.Now, facts.ExpiresIn) : (long?)null,
            RetryNumber = facts.Mark.Stamp.Number,
            EagerAt = EagerAt(facts),
            Validators = facts.Validators,
            WrittenAt = facts.WrittenAt,
            Priority = facts.Policy.LocalPriority,
        };
        var entry = Of(key, value, payload, facts.Policy, size, terms);
        entry.CheckedAt = facts.TagRevision;
        entry.Read(facts.Now);
        return entry;
    }

    /// <summary>An entry of the value itself where hits may share it, otherwise of its bytes.</summary>
    public static CachedEntry Of<T>(string key, T value, ReadOnlyMemory<byte>? payload, EntryPolicy policy, long size, in EntryTerms terms) =>
        payload is { } bytes && !IsShared(value, policy)
            ? new PayloadEntry<T>(key, bytes, size, terms)
            : new SharedEntry<T>(key, value, size, terms);

    /// <summary>What a caller gets of a flight that it has joined: a copy of its own, where values are not shared.</summary>
    public static T CopyOf<T>(this CacheNode node, Loaded<T> loaded, EntryPolicy policy) =>
        loaded.Payload is { } payload && !IsShared(loaded.Value, policy) ? node.Serializers.CodecFor<T>().Decode(payload) : loaded.Value;

    /// <summary>Whether hits may share the value itself.</summary>
    public static bool IsShared<T>(T value, EntryPolicy policy) => policy.ShareInstances || Sharing.IsShareable(value);

    // Without a feed nobody tells this node about changes; without L2 nobody can: then copies live for a short time.
    private static bool IsBounded(CacheNode node, in EntryFacts facts) =>
        facts.Epoch == CachedEntry.Detached || (node.Line is not null && !node.Can(StoreCapabilities.Feed));

    // The short time counts from before the load, which may have read what was invalidated while it ran.
    private static long LocalDeadline(CacheNode node, in EntryFacts facts, bool isBounded)
    {
        var limit = MonotonicClock.After(facts.Now, facts.Policy.LocalCacheExpiration);
        return isBounded ? Math.Min(limit, MonotonicClock.After(facts.Mark.At, node.Options.MaxStaleness)) : limit;
    }

    // Of the whole life, which began when the entry was written, not when it was read.
    private static long EagerAt(in EntryFacts facts)
    {
        if (facts.Policy.EagerRefresh is not { } share || facts.ExpiresIn is not { } left || facts.IsExpired)
        {
            return MonotonicClock.Never;
        }

        var age = TimeSpan.FromMilliseconds(facts.Now - facts.WrittenAt.GetValueOrDefault(facts.Now));
        var life = left.TotalMilliseconds + age.TotalMilliseconds;
        return facts.Now + (long)Math.Min((share * life) - age.TotalMilliseconds, MonotonicClock.Never / 2);
    }

    private static long Milliseconds(TimeSpan? span) => (long)span.GetValueOrDefault().TotalMilliseconds;
}

/// <summary>What decides how long, and under which conditions, an entry of L1 may be served.</summary>
/// <param name="Policy">The options in force.</param>
/// <param name="Mark">Captured before the load.</param>
/// <param name="Now">The time of the load.</param>
internal readonly record struct EntryFacts(EntryPolicy Policy, LoadMark Mark, long Now)
{
    /// <summary>The time left to the absolute deadline; <see langword="null"/> if there is none.</summary>
    public TimeSpan? ExpiresIn { get; init; } = Policy.Expiration;

    /// <summary>The sliding expiration; <see langword="null"/> if the entry does not slide.</summary>
    public TimeSpan? SlidingExpiration { get; init; } = Policy.SlidingExpiration;

    /// <summary>
    /// Whether it has expired: then <see cref="ExpiresIn"/> is the time for which it is served without another attempt at the
    /// origin.
    /// </summary>
    public bool IsExpired { get; init; }

    /// <summary>For how long it is kept once it has expired; <see langword="null"/> if it is not.</summary>
    public TimeSpan? Retention { get; init; } = Policy.Retention;

    /// <summary>What the origin calls this version of the value.</summary>
    public Validators? Validators { get; init; }

    /// <summary>The tag clock that the entry carries.</summary>
    public TagStamp Stamp { get; init; } = Mark.Stamp;

    /// <summary>The node's revision of the tag clock when the entry was last found valid.</summary>
    public long TagRevision { get; init; } = Mark.TagRevision;

    /// <summary>The entry's tags.</summary>
    public string[]? Tags { get; init; }

    /// <summary>The trust epoch that the entry belongs to.</summary>
    public long Epoch { get; init; } = Mark.Epoch;

    /// <summary>When the entry was written, if that is known.</summary>
    public long? WrittenAt { get; init; } = Now;
}
