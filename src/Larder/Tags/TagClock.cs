using System.Collections.Concurrent;
using Larder.Stores;

namespace Larder.Tags;

/// <summary>
/// What this node knows of the tag clock. The store counts tag invalidations and records each tag's last number; an entry
/// carries the count that its node knew before its factory ran, and is valid while none of its tags has a larger number.
/// A node that lags stores a smaller count: needlessly invalid at worst, never stale. The feed brings new numbers; those
/// of before this node listened are fetched when an entry needs them.
/// </summary>
internal sealed class TagClock
{
    /// <summary>The tag that every entry has; invalidating it clears the cache.</summary>
    public const string All = "*";

    private const int MaximumTags = 100_000;

    private readonly Lock _gate = new();
    private View _view = View.Unknown;
    private long _revision;
    private long _forgets;

    /// <summary>The tag clock as known here; its generation is <see langword="null"/> until the store was asked once.</summary>
    public TagStamp Now => Volatile.Read(ref _view).Now;

    /// <summary>Changes whenever a verdict may. Read it before <see cref="Check"/> to remember what the verdict was based on.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>
    /// How often everything was forgotten. Read it before asking the store: its answer doesn't tell what was invalidated
    /// between, and may have been missed.
    /// </summary>
    public long Forgets => Volatile.Read(ref _forgets);

    /// <summary>A clock of this process alone.</summary>
    public static TagClock Local()
    {
        var clock = new TagClock();
        clock.Learn(new TagReading(new TagStamp("local", 0), []), [], asOf: 0);
        return clock;
    }

    /// <summary>Whether an entry with this stamp and these tags is valid.</summary>
    public TagVerdict Check(TagStamp stamp, string[]? tags)
    {
        // One view for the whole check: a later one may have forgotten numbers that this one still counts on.
        var view = Volatile.Read(ref _view);
        if (view.Now.Generation is null || !view.IsComplete)
        {
            return TagVerdict.Unknown;
        }

        if (stamp.Generation != view.Now.Generation)
        {
            return TagVerdict.Invalid;
        }

        if (stamp.Number >= view.Now.Number)
        {
            return TagVerdict.Valid;
        }

        var verdict = view.Check(stamp.Number, All);
        foreach (var tag in tags ?? [])
        {
            verdict = Worse(verdict, view.Check(stamp.Number, tag));
        }

        return verdict;
    }

    /// <summary>
    /// The tag by which an entry is invalid or expired; <see cref="All"/> for all entries, or another generation;
    /// <see langword="null"/> if it is neither.
    /// </summary>
    /// <param name="verdict">What <see cref="Check"/> has said of the entry.</param>
    /// <param name="stamp">Its stamp.</param>
    /// <param name="tags">Its tags.</param>
    public string? CauseOf(TagVerdict verdict, TagStamp stamp, string[]? tags)
    {
        if (verdict is not (TagVerdict.Invalid or TagVerdict.Expired))
        {
            return null;
        }

        return (Check(stamp, null) == verdict ? null : tags?.FirstOrDefault(tag => Check(stamp, [tag]) == verdict)) ?? All;
    }

    /// <summary>Whether nothing at all was invalidated since the clock stood there.</summary>
    public bool StandsAt(TagStamp stamp)
    {
        var view = Volatile.Read(ref _view);
        return view.IsComplete && view.Now == stamp && stamp.Generation is not null;
    }

    /// <summary>
    /// Whether an entry that another program wrote, without a stamp, is valid: as long as the cache was never cleared.
    /// </summary>
    public TagVerdict CheckUnstamped() => Check(Now with { Number = 0 }, null);

    /// <summary>Learns what the feed says about one tag.</summary>
    public void Learn(string tag, TagStamp stamp)
    {
        lock (_gate)
        {
            if (stamp.Generation == _view.Now.Generation)
            {
                Learn(new TagReading(stamp, [stamp.Number]), [tag], _forgets);
            }
            else
            {
                // Of the two, the message may be the older one: only the store knows.
                Forget();
            }
        }
    }

    /// <summary>Learns what the store answered.</summary>
    /// <param name="reading">The answer.</param>
    /// <param name="tags">The tags that were asked for.</param>
    /// <param name="asOf"><see cref="Forgets"/> of before the store was asked.</param>
    /// <returns>Whether all of it was learned; otherwise the answer is too old, and the store is to be asked again.</returns>
    public bool Learn(TagReading reading, IReadOnlyList<string> tags, long asOf)
    {
        lock (_gate)
        {
            var view = _view;
            if (_forgets != asOf)
            {
                // What it says of tags is too old. But the counter has come that far: what this node stores from now on shall
                // not count as older than an invalidation of its own that is complete.
                if (reading.Now.Generation == view.Now.Generation && reading.Now.Number > view.Now.Number)
                {
                    Forget();
                    Volatile.Write(ref _view, _view with { Now = reading.Now });
                }

                return false;
            }

            if (reading.Now.Generation != view.Now.Generation)
            {
                // What was asked of the former one shall not bring it back.
                Volatile.Write(ref _forgets, _forgets + (view.Now.Generation is null ? 0 : 1));
                view = View.Beginning(reading.Now);
            }
            else if (!view.IsComplete)
            {
                view = View.Beginning(view.Now with { Number = Math.Max(view.Now.Number, reading.Now.Number) });
            }
            else if (reading.Now.Number > view.Now.Number)
            {
                view = view with { Now = reading.Now };
            }

            if (view.Count > MaximumTags)
            {
                view = view.Latest(MaximumTags / 2);
            }

            if (reading.All is { } all && view.CompleteFrom > 0 && reading.Now.Number >= view.CompleteFrom)
            {
                // What was invalidated before this node listened is no secret any more.
                view = view.With(all);
            }

            var isNews = !ReferenceEquals(view, _view);
            var isAll = true;
            for (var i = 0; i < tags.Count; i++)
            {
                var (numbers, tag) = view.RecordsOf(tags[i]);
                var isKnown = numbers.TryGetValue(tag, out var known);
                if (!isKnown && reading.Now.Number < view.CompleteFrom)
                {
                    // Between the answer and the view's beginning the tag may have been invalidated.
                    isAll = false;
                }
                else if (!isKnown || reading.Numbers[i] > known)
                {
                    numbers[tag] = reading.Numbers[i];
                    view.Count += isKnown ? 0 : 1;
                    isNews = true;
                }
            }

            if (isNews)
            {
                Volatile.Write(ref _view, view);
                Interlocked.Increment(ref _revision);
            }

            return isAll;
        }
    }

    /// <summary>
    /// As <see cref="Learn(TagReading, IReadOnlyList{string}, long)"/>, from a store without a feed: if the clock went on, any
    /// tag may have changed, and the next answer would not show it.
    /// </summary>
    public bool LearnUnheard(TagReading reading, IReadOnlyList<string> tags, long asOf)
    {
        lock (_gate)
        {
            if (_forgets == asOf && reading.Now != _view.Now)
            {
                Forget();
                asOf = _forgets;
            }

            return Learn(reading, tags, asOf);
        }
    }

    /// <summary>Messages may have been missed: what was known doesn't count until the store is asked again.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            Volatile.Write(ref _forgets, _forgets + 1);
            if (_view.IsComplete)
            {
                Volatile.Write(ref _view, View.Unknown with { Now = _view.Now });
                Interlocked.Increment(ref _revision);
            }
        }
    }

    /// <summary>
    /// As <see cref="Forget"/>, when a tag was invalidated for certain: nor does a load count as checked that began before, and
    /// what is loaded from now on shall not count as older.
    /// </summary>
    /// <param name="stamp">The clock after it; an old one, or another generation's, is of no use.</param>
    public void Doubt(TagStamp stamp)
    {
        lock (_gate)
        {
            Forget();
            if (stamp.Generation == _view.Now.Generation && stamp.Number > _view.Now.Number)
            {
                Volatile.Write(ref _view, _view with { Now = stamp });
            }

            Interlocked.Increment(ref _revision);
        }
    }

    /// <summary>The next number of a clock of this process alone, recorded under the tags.</summary>
    public void Advance(IReadOnlyList<string> tags)
    {
        lock (_gate)
        {
            var next = Now with { Number = Now.Number + 1 };
            Learn(new TagReading(next, [.. Enumerable.Repeat(next.Number, tags.Count)]), tags, _forgets);
        }
    }

    private static TagVerdict Worse(TagVerdict one, TagVerdict other) =>
        one == TagVerdict.Invalid || other == TagVerdict.Invalid ? TagVerdict.Invalid
        : one == TagVerdict.Unknown || other == TagVerdict.Unknown ? TagVerdict.Unknown
        : one == TagVerdict.Expired || other == TagVerdict.Expired ? TagVerdict.Expired
        : TagVerdict.Valid;

    /// <summary>
    /// The numbers known at one time, of removals and of expiries: every invalidation with a number above
    /// <paramref name="CompleteFrom"/> is among them.
    /// </summary>
    private sealed record View(
        TagStamp Now, bool IsComplete, long CompleteFrom, ConcurrentDictionary<string, long> Numbers, ConcurrentDictionary<string, long> Expiries)
    {
        public static View Unknown { get; } = new(default, IsComplete: false, 0, Empty(), Empty());

        /// <summary>How many numbers there are; a dictionary would take all of its locks to tell.</summary>
        public int Count { get; set; } = Numbers.Count + Expiries.Count;

        public static View Beginning(TagStamp now) => new(now, IsComplete: true, now.Number, Empty(), Empty());

        public TagVerdict Check(long number, string tag) => Worse(
            Check(Numbers, number, tag, TagVerdict.Invalid), Check(Expiries, number, tag, TagVerdict.Expired));

        /// <summary>Where the number of a record belongs, and the tag's own name.</summary>
        public (ConcurrentDictionary<string, long> Numbers, string Tag) RecordsOf(string name) =>
            ExpiryTag.Is(name, out var tag) ? (Expiries, tag) : (Numbers, name);

        /// <summary>With the records of all tags that there are.</summary>
        public View With(IEnumerable<KeyValuePair<string, long>> all)
        {
            var complete = this with { CompleteFrom = 0, Numbers = Empty(), Expiries = Empty() };
            Add(complete.Numbers, Numbers);
            Add(complete.Expiries, Expiries);
            foreach (var (name, number) in all)
            {
                var (numbers, tag) = complete.RecordsOf(name);
                numbers[tag] = Math.Max(number, numbers.GetValueOrDefault(tag));
            }

            complete.Count = complete.Numbers.Count + complete.Expiries.Count;
            return complete;
        }

        /// <summary>
        /// With the latest records alone, and those of all entries: entries without tags stay valid, others if they are not older than
        /// what was dropped.
        /// </summary>
        public View Latest(int most)
        {
            var from = Numbers.Concat(Expiries).Select(static record => record.Value).OrderDescending().ElementAt(most);
            var latest = this with { CompleteFrom = Math.Max(CompleteFrom, from), Numbers = Empty(), Expiries = Empty() };
            Add(latest.Numbers, Kept(Numbers));
            Add(latest.Expiries, Kept(Expiries));
            latest.Count = latest.Numbers.Count + latest.Expiries.Count;
            return latest;

            // Of all entries it is known that there was none, too: where nothing was ever dropped.
            IEnumerable<KeyValuePair<string, long>> Kept(ConcurrentDictionary<string, long> numbers) =>
                numbers.Where(record => record.Value > from || record.Key == All)
                    .Concat(CompleteFrom == 0 && !numbers.ContainsKey(All) ? [new(All, 0)] : []);
        }

        private static void Add(ConcurrentDictionary<string, long> numbers, IEnumerable<KeyValuePair<string, long>> others)
        {
            foreach (var (tag, number) in others)
            {
                numbers[tag] = number;
            }
        }

        private TagVerdict Check(ConcurrentDictionary<string, long> numbers, long number, string tag, TagVerdict verdict) =>
            numbers.TryGetValue(tag, out var last) ? (last > number ? verdict : TagVerdict.Valid)
            : number >= CompleteFrom ? TagVerdict.Valid
            : TagVerdict.Unknown;

        private static ConcurrentDictionary<string, long> Empty() => new(StringComparer.Ordinal);
    }
}
