namespace Larder.Inspection;

/// <summary>Lists, groups and counts keys, a bounded number of steps at a time.</summary>
internal sealed class KeyListing(IKeySource source)
{
    private const int FirstStep = 100;
    private const char Separator = ':';

    /// <summary>A page of keys.</summary>
    public async ValueTask<KeyPage> ListAsync(KeyQuery query, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, KeyRow>(StringComparer.Ordinal);
        if (query is { Pattern: { IsKey: true, Beginning: var key }, Cursor: null })
        {
            Add(rows, await source.DescribeAsync([key], cancellationToken).ConfigureAwait(false), query.Tag);
            return new() { Rows = [.. rows.Values], Examined = 1, Level = source.Level };
        }

        var progress = await WalkAsync(
            query.Pattern,
            query.Cursor,
            query.Budget,
            async keys =>
            {
                var before = rows.Count;
                Add(rows, await source.DescribeAsync(keys, cancellationToken).ConfigureAwait(false), query.Tag);
                return (rows.Count - before, rows.Count < query.Limit);
            },
            cancellationToken).ConfigureAwait(false);
        return new()
        {
            Rows = [.. rows.Values],
            Cursor = progress.Cursor,
            Examined = progress.Examined,
            Total = progress.Total,
            Level = source.Level,
        };
    }

    /// <summary>The keys that begin with a prefix, grouped by what comes up to the next colon.</summary>
    public async ValueTask<KeyTree> GroupAsync(string prefix, string? cursor, int budget, CancellationToken cancellationToken)
    {
        var branches = new Dictionary<string, KeyBranch>(StringComparer.Ordinal);
        var progress = await WalkAsync(
            KeyPattern.StartingWith(prefix),
            cursor,
            budget,
            keys =>
            {
                foreach (var key in keys)
                {
                    var end = key.IndexOf(Separator, prefix.Length);
                    var name = end < 0 ? key : key[..(end + 1)];
                    branches[name] = branches.TryGetValue(name, out var branch)
                        ? branch with { Keys = branch.Keys + 1 }
                        : new KeyBranch(name, 1, IsKey: end < 0);
                }

                return new((0, true));
            },
            cancellationToken).ConfigureAwait(false);
        return new()
        {
            Branches = [.. branches.Values.OrderBy(static branch => branch.IsKey).ThenBy(static branch => branch.Prefix, StringComparer.Ordinal)],
            Cursor = progress.Cursor,
            Examined = progress.Examined,
            Total = progress.Total,
        };
    }

    /// <summary>How many entries have a tag.</summary>
    public async ValueTask<TagCount> CountAsync(string tag, string? cursor, int budget, CancellationToken cancellationToken)
    {
        var count = 0L;
        var progress = await WalkAsync(
            KeyPattern.All,
            cursor,
            budget,
            async keys =>
            {
                var rows = await source.DescribeAsync(keys, cancellationToken).ConfigureAwait(false);
                count += rows.Count(row => row.State != KeyState.Killed && HasTag(row, tag));
                return (0, true);
            },
            cancellationToken).ConfigureAwait(false);
        return new TagCount(count, progress.Examined, progress.Total, progress.Cursor);
    }

    private async ValueTask<Progress> WalkAsync(
        KeyPattern pattern, string? cursor, int budget, Func<IReadOnlyList<string>, ValueTask<(int Found, bool GoesOn)>> take, CancellationToken cancellationToken)
    {
        var progress = new Progress(cursor, 0, null);
        var step = FirstStep;
        bool goesOn;
        do
        {
            // Of all keys: so it is known how many were looked at, and how far that is on the way.
            var count = (int)Math.Min(step, Math.Max(1, budget - progress.Examined));
            var scan = await source.StepAsync(string.Empty, progress.Cursor, count, cancellationToken).ConfigureAwait(false);
            string[] keys = [.. scan.Keys.Where(pattern.Matches)];
            var (found, more) = keys.Length == 0 ? (0, true) : await take(keys).ConfigureAwait(false);
            progress = new Progress(scan.Cursor, progress.Examined + scan.Examined, scan.Total);
            step = source.NextStep(step, found);
            goesOn = more && scan.Cursor is not null && progress.Examined < budget;
        }
        while (goesOn);
        return progress;
    }

    private static void Add(Dictionary<string, KeyRow> rows, IReadOnlyList<KeyRow> found, string? tag)
    {
        foreach (var row in found.Where(row => tag is null || HasTag(row, tag)))
        {
            rows[row.Key] = row;
        }
    }

    private static bool HasTag(KeyRow row, string tag) => tag == Tags.TagClock.All || row.Tags.Contains(tag, StringComparer.Ordinal);

    private readonly record struct Progress(string? Cursor, long Examined, long? Total);
}
