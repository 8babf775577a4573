using Larder.Local;

namespace Larder.Inspection;

/// <summary>Finds what is worth a look: from the samples of the requests, and from a walk through L1.</summary>
internal sealed class InsightReader(CacheNode node)
{
    private const int Rows = 20;
    private const int MostEntries = 100_000;
    private const int LeastHerd = 20;
    private const double LeastHerdShare = 0.05;
    private static readonly TimeSpan UnreadAfter = TimeSpan.FromMinutes(1);

    public Insights Read()
    {
        var watch = node.Watch();
        var entries = Walk();
        var now = node.Clock.Now;
        CachedEntry[] unread = [.. entries.Where(entry => entry.Reads == 0 && Age(entry, now) >= UnreadAfter)];
        return new()
        {
            SampledSince = watch.Since,
            Requests = watch.Requests.Seen,
            ExaminedEntries = entries.Length,
            Hot = watch.Requests.Hottest(Rows),
            Big = [.. entries.OrderByDescending(static entry => entry.Size).Take(Rows).Select(static entry => new BigKey(entry.Key, entry.Size))],
            Unread = [.. unread.OrderByDescending(entry => Age(entry, now)).Take(Rows).Select(entry => new UnreadKey(entry.Key, entry.Size, Age(entry, now)))],
            UnreadBytes = unread.Sum(static entry => entry.Size),
            ShortLived = watch.ShortLives.Read(),
            Herds = Herds(entries, now),
        };
    }

    private CachedEntry[] Walk()
    {
        // An entry may come twice while the table grows.
        var found = new Dictionary<string, CachedEntry>(StringComparer.Ordinal);
        var part = new List<LocalEntry>();
        for (int? next = 0; next is { } from && found.Count < MostEntries;)
        {
            part.Clear();
            next = node.Local.Local.Walk(from, part);
            foreach (var entry in part.OfType<CachedEntry>())
            {
                found[entry.Key] = entry;
            }
        }

        return [.. found.Values];
    }

    private static Herd[] Herds(CachedEntry[] entries, long now) =>
        [.. entries.Where(entry => entry.ExpiresIfUnread != MonotonicClock.Never && entry.ExpiresIfUnread > now)
            .GroupBy(entry => (entry.ExpiresIfUnread - now) / 1000)
            .Select(second => new Herd(TimeSpan.FromSeconds(second.Key), second.Count(), (double)second.Count() / entries.Length))
            .Where(static herd => herd.Entries >= LeastHerd && herd.Share >= LeastHerdShare)
            .OrderByDescending(static herd => herd.Entries)
            .Take(Rows)];

    private static TimeSpan? Age(CachedEntry entry, long now) =>
        entry.WrittenAt is { } written ? TimeSpan.FromMilliseconds(Math.Max(0, now - written)) : null;
}
