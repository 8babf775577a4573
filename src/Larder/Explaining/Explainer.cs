using System.Globalization;
using Larder.Local;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Larder.Tags;

namespace Larder.Explaining;

/// <summary>Finds out what is with a key, without changing anything about it.</summary>
internal sealed class Explainer(CacheNode node, LocalReads local, StoreReads reads)
{
    public async ValueTask<KeyExplanation> ExplainAsync(string key, CancellationToken cancellationToken)
    {
        var (entry, storeMiss, killer) = await ReadAsync(key, cancellationToken).ConfigureAwait(false);

        // By now the tags are known.
        var here = ExplainLocally(key);
        var explanation = here with
        {
            Store = entry is { } found ? Describe(found) : null,
            StoreMiss = storeMiss,
            KilledBy = killer,
        };
        return explanation with { Summary = Sentence.Of(explanation, KillerNote(killer)) };
    }

    /// <summary>As <see cref="ExplainAsync"/>, without a look at L2, and without a sentence.</summary>
    public KeyExplanation ExplainLocally(string key)
    {
        var now = node.Clock.Now;
        var copy = local.Peek(key);
        return new KeyExplanation
        {
            Key = key,
            NodeId = node.NodeId,
            Summary = string.Empty,
            Local = copy is null ? null : Describe(copy, now),
            LocalMiss = local.WhyNot(copy, now),
            IsInOverflow = node.Overflow?.Holds(key) == true,
            LastMiss = node.History.LastMiss(key) is { } miss ? new(Since(miss.At, now), miss.Local, miss.Store) : null,
            LastInvalidation = node.History.LastInvalidation(key, isTag: false) is { } note ? new(note.Kind, Since(note.At, now), note.Node) : null,
            NotTrustedFor = node.Trust.IsTrusted(now) ? null : Since(Math.Max(0, node.Trust.Until), now),
            StoreDownFor = node.Line is { IsDown: true } line ? Since(line.DownSince, now) : null,
            IsUndelivered = node.Undelivered.CoversKey(key) || node.Underway.Covers(key),
        };
    }

    private async ValueTask<(StoreEntry? Entry, MissReason Miss, string? Killer)> ReadAsync(string key, CancellationToken cancellationToken)
    {
        if (node.Line is not { } line)
        {
            return (null, MissReason.None, null);
        }

        if (line.IsDown)
        {
            return (null, MissReason.StoreDown, null);
        }

        try
        {
            var read = await line.BoundAsync(StoreOperation.Read, line.Store.ReadAsync(key, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (read is not { } entry)
            {
                return (null, MissReason.NotThere, null);
            }

            using var owner = entry.PayloadOwner;
            if (entry.IsDamaged)
            {
                return (entry, MissReason.Unreadable, null);
            }

            await reads.LearnTagsAsync(line, entry.Tags, cancellationToken).ConfigureAwait(false);
            var verdict = entry.Version is null ? TagVerdict.Valid : node.Tags.Check(entry.Stamp, entry.Tags);
            var isUndelivered = node.Undelivered.CoversKey(key) || node.Underway.Covers(key) || node.Undelivered.CoversTags(entry.Tags);
            var miss = isUndelivered ? MissReason.Undelivered
                : verdict == TagVerdict.Invalid || (verdict == TagVerdict.Expired && entry.RetainedFor is null) ? MissReason.Tagged
                : verdict == TagVerdict.Expired || entry.IsExpired ? MissReason.Expired
                : MissReason.None;
            return (entry, miss, node.Tags.CauseOf(verdict, entry.Stamp, entry.Tags));
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFault(node.Log, "explain", fault);
            return (null, MissReason.StoreDown, null);
        }
    }

    private InvalidationExplanation? KillerNote(string? killer) =>
        killer is not null && node.History.LastInvalidation(killer, isTag: true) is { } note
            ? new(note.Kind, Since(note.At, node.Clock.Now), note.Node)
            : null;

    private static EntryExplanation Describe(CachedEntry entry, long now) => new()
    {
        Age = entry.WrittenAt is { } written ? Since(written, now) : null,
        ExpiresIn = MonotonicClock.Until(entry.ExpiresIfUnread, now),
        KeptFor = entry.KeptUntil == 0 ? null : MonotonicClock.Until(entry.KeptUntil, now),
        IsExpired = entry.IsExpired || now >= entry.ExpiresAt,
        SlidingExpiration = entry.Sliding == 0 ? null : TimeSpan.FromMilliseconds(entry.Sliding),
        Tags = entry.Tags ?? [],
        Size = entry.Size,
        ETag = entry.Validators?.ETag,
    };

    private static EntryExplanation Describe(in StoreEntry entry) => new()
    {
        Version = entry.Version,
        Writer = Writer(entry.Version),
        Age = entry.Age,
        ExpiresIn = entry.IsExpired ? TimeSpan.Zero : entry.ExpiresIn,
        KeptFor = entry.RetainedFor,
        IsExpired = entry.IsExpired,
        SlidingExpiration = entry.SlidingExpiration,
        Tags = entry.Tags ?? [],
        Size = entry.Payload.Length,
        ETag = entry.ETag,
    };

    /// <summary>Who wrote a version. The second of three parts, or the first of two: a node's id has no colon.</summary>
    public static string? Writer(string? version) => version?.Split(':') is { Length: >= 2 } parts ? parts[^2] : null;

    private static TimeSpan Since(long at, long now) => TimeSpan.FromMilliseconds(Math.Max(0, now - at));

    /// <summary>Says an explanation in one sentence.</summary>
    private static class Sentence
    {
        public static string Of(KeyExplanation all, InvalidationExplanation? killer) =>
            $"{all.NodeId}: L1 {Local(all)}; L2 {Store(all, killer)}{Size(all)}{Last(all)}.";

        private static string Local(KeyExplanation all) => all.LocalMiss switch
        {
            MissReason.None => $"serves it ({Age(all.Local!)}, {Left(all.Local!)})",
            MissReason.NotThere when all.IsInOverflow => "has it on the disk",
            MissReason.NotThere => "does not have it",
            MissReason.Expired => $"has it expired ({Age(all.Local!)})",
            MissReason.Tagged => $"has it, killed by a tag ({Age(all.Local!)})",
            MissReason.NotTrusted when all.NotTrustedFor is { } time => $"has it, but is not trusted for {Text(time)}",
            MissReason.NotTrusted => "has it from before messages may have been missed",
            _ => $"has it, but can't serve it ({all.LocalMiss})",
        };

        private static string Store(KeyExplanation all, InvalidationExplanation? killer) => all.StoreMiss switch
        {
            MissReason.None when all.Store is null => "is not there",
            MissReason.None => $"has it ({Age(all.Store)}, {Left(all.Store)}, by {all.Store.Writer ?? "another program"})",
            MissReason.NotThere => "does not have it",
            MissReason.Expired when all.KilledBy is { } tag =>
                $"has it, expired by {(tag == TagClock.All ? "a call for everything" : $"the tag '{tag}'")}{By(killer)}",
            MissReason.Expired => $"has it expired ({Age(all.Store!)})",
            MissReason.Tagged => $"has it, killed by {(all.KilledBy == TagClock.All ? "Clear or a new generation" : $"the tag '{all.KilledBy}'")}{By(killer)}",
            MissReason.StoreDown => $"does not answer{(all.StoreDownFor is { } time ? $" for {Text(time)}" : "")}",
            MissReason.Undelivered => "has it, but an invalidation is yet to be delivered",
            _ => "has something that can't be read",
        };

        private static string By(InvalidationExplanation? killer) => killer is null ? "" : $" {Text(killer.Ago)} ago by {killer.Node}";

        private static string Size(KeyExplanation all) =>
            all.LastMiss is { Store: MissReason.TooLarge } ? "; its value was over the size limit, and not cached" : "";

        private static string Last(KeyExplanation all) => all.LastInvalidation is { } last
            ? $"; last invalidated ({last.Kind.ToString().ToLowerInvariant()}) {Text(last.Ago)} ago by {last.Node}"
            : "";

        private static string Age(EntryExplanation entry) => entry.Age is { } age ? $"{Text(age)} old" : "of unknown age";

        private static string Left(EntryExplanation entry) => entry.ExpiresIn is { } left ? $"{Text(left)} left" : "does not expire";

        private static string Text(TimeSpan time) => time.TotalSeconds < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
            : time.TotalMinutes < 2
                ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
                : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");
    }
}
