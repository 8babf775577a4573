using System.Globalization;
using Larder.Local;
using Larder.Reads;
using Larder.Stores;

namespace Larder.Inspection;

/// <summary>Lists the keys of this node's L1, where the cache has no L2 that can list its own.</summary>
internal sealed class LocalKeys(CacheNode node, LocalReads reads) : IKeySource
{
    private const int Step = 1000;

    public CacheLevel Level => CacheLevel.L1;

    public ValueTask<KeyScan> StepAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken)
    {
        var entries = new List<LocalEntry>();
        var next = (int?)Parse(cursor);
        while (next is { } from && entries.Count < count)
        {
            next = node.Local.Local.Walk(from, entries);
        }

        string[] keys = [.. entries.Select(static entry => entry.Key)];
        return new(new KeyScan(keys, next?.ToString(CultureInfo.InvariantCulture), entries.Count, node.Local.Local.Count));
    }

    public int NextStep(int step, int found) => Step;

    public ValueTask<IReadOnlyList<KeyRow>> DescribeAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        new([.. keys.Select(Row).OfType<KeyRow>()]);

    private KeyRow? Row(string key)
    {
        if (!node.Local.Local.TryPeek(key, out var found) || found is not CachedEntry entry)
        {
            return null;
        }

        var now = node.Clock.Now;
        var state = reads.WhyNot(entry, now) switch
        {
            _ when entry.IsExpired => KeyState.Stale,
            MissReason.Expired => entry.KeptUntil > now ? KeyState.Stale : KeyState.Expired,
            MissReason.Tagged => KeyState.Killed,
            MissReason.NotTrusted => KeyState.Distrusted,
            _ => KeyState.Fresh,
        };
        return new()
        {
            Key = key,
            State = state,
            KilledBy = state is KeyState.Killed or KeyState.Stale
                ? node.Tags.CauseOf(node.Tags.Check(entry.Stamp, entry.Tags), entry.Stamp, entry.Tags)
                : null,
            Age = entry.WrittenAt is { } written ? TimeSpan.FromMilliseconds(Math.Max(0, now - written)) : null,
            ExpiresIn = MonotonicClock.Until(entry.ExpiresIfUnread, now),
            SlidingExpiration = entry.Sliding == 0 ? null : TimeSpan.FromMilliseconds(entry.Sliding),
            Bytes = entry.Size,
            Tags = entry.Tags ?? [],
            IsInL1 = true,
        };
    }

    private static int Parse(string? cursor)
    {
        if (cursor is null)
        {
            return 0;
        }

        return int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? place
            : throw new ArgumentException($"The cursor was '{cursor}'; it may be one that an earlier step gave out.", nameof(cursor));
    }
}
