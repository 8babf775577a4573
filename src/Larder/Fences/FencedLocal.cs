using Larder.Feed;
using Larder.Local;
using Larder.Overflow;
using Larder.Tags;

namespace Larder.Fences;

/// <summary>
/// L1 behind its fences: a striped array of counters, one stripe for many keys. Every invalidation of a key bumps its
/// stripe's counter and drops the entry, under the stripe's lock; whoever loads a value captures the counter before it
/// starts, and stores under the same lock only if the counter is unchanged. So a value that was read or computed before
/// an invalidation is never stored after it. A hit takes no lock. Two keys of one stripe cost at most a needless miss.
/// </summary>
/// <param name="local">L1.</param>
/// <param name="trust">Whether this node hears of what others invalidate.</param>
/// <param name="tags">The tag clock.</param>
/// <param name="clock">The clock.</param>
/// <param name="unheardFor">
/// For how long a load may be shared while this node does not hear of others: <see cref="LarderOptions.MaxStaleness"/>.
/// </param>
/// <param name="hasFeed">Whether it ever hears of them.</param>
internal sealed class FencedLocal(
    LocalCache local, Trust trust, TagClock tags, MonotonicClock clock, TimeSpan unheardFor, bool hasFeed = true)
{
    private const int Stripes = 1024;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];

    public LocalCache Local => local;

    /// <summary>What L1 has no room for; <see langword="null"/> if that is given up.</summary>
    public OverflowLevel? Overflow { get; init; }

    /// <summary>What a load must capture before it begins.</summary>
    public LoadMark Capture(string key) => Capture(KeyHash.Of(key));

    /// <summary>As the other overload, by the key's <see cref="KeyHash"/>.</summary>
    public LoadMark Capture(ulong hash)
    {
        var stripe = StripeOf(hash);
        return new(hash, clock.Now, Volatile.Read(ref stripe.Bumps), Volatile.Read(ref stripe.Removals), trust.Epoch, tags.Revision, tags.Now);
    }

    /// <summary>Whether the key of <paramref name="mark"/> itself was not invalidated on this node since.</summary>
    public bool IsUntouched(LoadMark mark) => Volatile.Read(ref StripeOf(mark.Hash).Bumps) == mark.Bumps;

    /// <summary>
    /// Whether a caller that begins now may share a load that began at <paramref name="mark"/>: nothing was invalidated
    /// since, and no message missed that may have said so; while none arrive, the load must not be old.
    /// </summary>
    /// <param name="mark">Captured before the load.</param>
    /// <param name="entryTags">The value's tags.</param>
    /// <param name="areTagsKnown">Whether they are known; otherwise the value may have any.</param>
    public bool IsCurrent(LoadMark mark, string[]? entryTags, bool areTagsKnown) =>
        IsUntouched(mark) && IsHeardOf(mark)
        && (tags.Revision == mark.TagRevision
            || (areTagsKnown ? tags.Check(mark.Stamp, entryTags) == TagVerdict.Valid : tags.StandsAt(mark.Stamp)));

    /// <summary>As <see cref="IsCurrent"/>, of an expired value that was read: to expire it once more takes nothing from it.</summary>
    /// <param name="mark">Captured before it was read.</param>
    /// <param name="entryTags">The value's tags.</param>
    public bool IsUnremoved(LoadMark mark, string[]? entryTags) =>
        Volatile.Read(ref StripeOf(mark.Hash).Removals) == mark.Removals && IsHeardOf(mark)
        && (tags.Revision == mark.TagRevision || tags.Check(mark.Stamp, entryTags) is TagVerdict.Valid or TagVerdict.Expired);

    /// <summary>Drops the entry, and with it every load that began before.</summary>
    public void Invalidate(string key)
    {
        var stripe = StripeOf(key);
        lock (stripe.Gate)
        {
            Drop(key);

            // Last, here and below: who captures the counter afterwards does not find the entry any more.
            stripe.Remove();
        }
    }

    /// <summary>Drops the entry alone: a load that is under way goes on, and is kept.</summary>
    public void Drop(string key)
    {
        local.Remove(key);
        Overflow?.Drop(key);
    }

    /// <summary>As <see cref="Invalidate"/>, but an entry that fail-safe may use stays for that, as an expired one.</summary>
    public void Expire(string key)
    {
        var stripe = StripeOf(key);
        lock (stripe.Gate)
        {
            if (local.TryGet(key, out var entry) && entry is CachedEntry { KeptUntil: var keptUntil } cached && keptUntil > clock.Now)
            {
                local.Set(cached.Expire(clock.Now, retryAt: 0, retryNumber: 0));
            }
            else
            {
                local.Remove(key);
            }

            Overflow?.Drop(key);
            stripe.Bumps++;
        }
    }

    /// <summary>Drops everything, and every load that began before.</summary>
    public void InvalidateAll()
    {
        Overflow?.BeginClear();

        // All stripes at once: what is found of one while another is cleared could come back there.
        foreach (var stripe in _stripes)
        {
            stripe.Gate.Enter();
        }

        try
        {
            local.Clear();
        }
        finally
        {
            foreach (var stripe in _stripes)
            {
                stripe.Remove();
                stripe.Gate.Exit();
            }

            Overflow?.EndClear();
        }
    }

    /// <summary>Stores what a load brought, unless the key, or one of the entry's tags, was invalidated since <paramref name="mark"/>.</summary>
    /// <returns>Whether it was stored.</returns>
    public bool Store(CachedEntry entry, LoadMark mark)
    {
        // It would not be served, but it would take the place of one that a later load has brought.
        if (Verdict(entry) is var verdict && (verdict == TagVerdict.Invalid || (verdict == TagVerdict.Expired && !entry.IsExpired)))
        {
            return false;
        }

        var stripe = StripeOf(mark.Hash);
        lock (stripe.Gate)
        {
            if (stripe.Bumps != mark.Bumps || trust.Epoch != mark.Epoch)
            {
                return false;
            }

            // An expired entry is a makeshift: it does not take the place of one that has not.
            if (entry.IsExpired && local.TryGet(entry.Key, out var found) && found is CachedEntry other
                && other.ExpiresAt > clock.Now && Verdict(other) is TagVerdict.Valid or TagVerdict.Unknown)
            {
                return false;
            }

            local.Set(entry, mark.Hash);
            Overflow?.Drop(entry.Key);
            return true;
        }
    }

    /// <summary>
    /// Brings back into L1 what was read from the overflow. As <see cref="Store"/>, but its record stays, so that it need not be written
    /// once more; and must be there still: a newer value that was stored meanwhile has dropped it, and bumped nothing.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="record">What it was read from.</param>
    /// <param name="mark">Captured before that was found.</param>
    /// <returns>Whether it was stored.</returns>
    public bool PutBack(CachedEntry entry, OverflowRecord record, LoadMark mark)
    {
        var stripe = StripeOf(mark.Hash);
        lock (stripe.Gate)
        {
            return stripe.Bumps == mark.Bumps && trust.Epoch == mark.Epoch && Verdict(entry) == TagVerdict.Valid
                && Overflow!.Has(record) && local.Set(entry, mark.Hash);
        }
    }

    /// <summary>
    /// The end of a Set: drops what was loaded since <paramref name="mark"/>, and stores the new entry if no other
    /// invalidation came between.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The new entry; <see langword="null"/> for none.</param>
    /// <param name="mark">Captured before it was written to L2.</param>
    /// <param name="own">
    /// What the same Set of several values has done to the stripes since; <see langword="null"/> if it sets one value.
    /// </param>
    public void InvalidateAndStore(string key, CachedEntry? entry, LoadMark mark, OwnBumps? own = null)
    {
        var place = PlaceOf(mark.Hash);
        var stripe = _stripes[place];
        lock (stripe.Gate)
        {
            var isAlone = stripe.Bumps == mark.Bumps + (own?.Add(place) ?? 0) && trust.Epoch == mark.Epoch;
            if (isAlone && entry is not null)
            {
                local.Set(entry, mark.Hash);
            }
            else
            {
                local.Remove(key);
            }

            Overflow?.Drop(key);
            stripe.Remove();
        }
    }

    private TagVerdict Verdict(CachedEntry entry) =>
        entry.CheckedAt == tags.Revision ? TagVerdict.Valid : tags.Check(entry.Stamp, entry.Tags);

    private bool IsHeardOf(LoadMark mark) =>
        trust.Epoch == mark.Epoch
        && ((hasFeed && trust.IsTrusted(clock.Now)) || clock.Now < MonotonicClock.After(mark.At, unheardFor));

    private static int PlaceOf(ulong hash) => (int)hash & (Stripes - 1);

    private Stripe StripeOf(ulong hash) => _stripes[PlaceOf(hash)];

    private Stripe StripeOf(string key) => StripeOf(KeyHash.Of(key));

    /// <summary>
    /// How often one Set of several values has bumped each stripe: two of its keys on one stripe are no invalidations of each
    /// other.
    /// </summary>
    public sealed class OwnBumps
    {
        private readonly int[] _bumps = new int[Stripes];

        /// <summary>Counts one more.</summary>
        /// <returns>How many there were before.</returns>
        public int Add(int place) => _bumps[place]++;
    }

    private sealed class Stripe
    {
        public readonly Lock Gate = new();
        public long Bumps;
        public long Removals;

        public void Remove()
        {
            Bumps++;
            Removals++;
        }
    }
}
