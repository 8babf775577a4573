using Larder.Fences;
using Larder.Local;
using Larder.Payloads;
using Larder.Policies;
using Larder.Stores;

namespace Larder.Reads;

/// <summary>Makes the entries of L1.</summary>
internal static class Entries
{
    /// <summary>An entry for a value that this node made.</summary>
    public static CachedEntry Make<T>(this CacheNode node, string key, T value, ReadOnlyMemory<byte>? payload, in EntryFacts facts)
    {
        var size = facts.Policy.LocalSize ?? node.Options.Local.Measure(value) ?? payload?.Length ?? ValueSize.Estimate(value);
        var deadline = MonotonicClock.After(facts.Now, facts.ExpiresIn);
        var terms = new EntryTerms
        {
            Epoch = facts.Epoch,
            Stamp = facts.Stamp,
            Tags = facts.Tags,
            Deadline = deadline,
            LocalDeadline = Math.Min(deadline, LocalDeadline(node, facts)),
            Sliding = (long)facts.Policy.SlidingExpiration.GetValueOrDefault().TotalMilliseconds,
            WrittenAt = facts.WrittenAt,
        };
        CachedEntry entry = payload is { } bytes && !IsShared(value, facts.Policy)
            ? new PayloadEntry<T>(key, bytes, size, terms)
            : new SharedEntry<T>(key, value, size, terms);
        entry.CheckedAt = facts.Mark.TagRevision;
        entry.Read(facts.Now);
        return entry;
    }

    /// <summary>Whether hits may share the value itself.</summary>
    public static bool IsShared<T>(T value, EntryPolicy policy) => policy.ShareInstances || Sharing.IsShareable(value);

    // Without a feed nobody tells this node about changes; without L2 nobody can: then copies live for a short time, counted
    // from before the load, which may have read what was invalidated while it ran.
    private static long LocalDeadline(CacheNode node, in EntryFacts facts)
    {
        var limit = MonotonicClock.After(facts.Now, facts.Policy.LocalCacheExpiration);
        var isBounded = facts.Epoch == CachedEntry.Detached || (node.Line is not null && !node.Can(StoreCapabilities.Feed));
        return isBounded ? Math.Min(limit, MonotonicClock.After(facts.Mark.At, node.Options.MaxStaleness)) : limit;
    }
}

/// <summary>What decides how long, and under which conditions, an entry of L1 may be served.</summary>
/// <param name="Policy">The options in force.</param>
/// <param name="Mark">Captured before the load.</param>
/// <param name="Now">The time of the load.</param>
internal readonly record struct EntryFacts(EntryPolicy Policy, LoadMark Mark, long Now)
{
    /// <summary>The time left to the absolute deadline; <see langword="null"/> if there is none.</summary>
    public TimeSpan? ExpiresIn { get; init; } = Policy.Expiration;

    /// <summary>The tag clock that the entry carries.</summary>
    public TagStamp Stamp { get; init; } = Mark.Stamp;

    /// <summary>The entry's tags.</summary>
    public string[]? Tags { get; init; }

    /// <summary>The trust epoch that the entry belongs to.</summary>
    public long Epoch { get; init; } = Mark.Epoch;

    /// <summary>When the entry was written, if that is known.</summary>
    public long? WrittenAt { get; init; } = Now;
}
