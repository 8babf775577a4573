using System.Diagnostics;
using Larder.Explaining;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Larder.Tags;

namespace Larder.Inspection;

/// <summary>Lists the keys of L2, in steps that no other client of it notices.</summary>
internal sealed class StoreKeys(CacheNode node, StoreReads reads, StoreLine line, IKeyScanner scanner) : IKeySource
{
    // The first step is small: where every key is wanted, it is a page. Where few are, the steps grow.
    private const int SmallestStep = 100;
    private const int LargestStep = 2000;

    // The app's own commands, on the same connection, wait behind a batch.
    private const int HeadersAtOnce = 100;

    public CacheLevel Level => CacheLevel.L2;

    /// <summary>The keys of a cache's L2; <see langword="null"/> if it has none, or its store can't list them.</summary>
    public static StoreKeys? Of(CacheNode node, StoreReads reads) =>
        node.Line is { } line && line.Store.Ability<IKeyScanner>() is { } scanner ? new(node, reads, line, scanner) : null;

    public async ValueTask<KeyScan> StepAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken) =>
        await line.BoundAsync(StoreOperation.Inspect, scanner.ScanAsync(prefix, cursor, count, cancellationToken), cancellationToken)
            .ConfigureAwait(false);

    public int NextStep(int step, int found) => found * 4 < step ? Math.Min(LargestStep, step * 4) : Math.Max(SmallestStep, step / 2);

    public async ValueTask<IReadOnlyList<KeyRow>> DescribeAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var headers = new List<EntryHeader?>(keys.Count);
        foreach (var some in keys.Chunk(HeadersAtOnce))
        {
            var start = Stopwatch.GetTimestamp();
            headers.AddRange(await line.BoundAsync(
                StoreOperation.Inspect, scanner.ReadHeadersAsync(some, cancellationToken), cancellationToken).ConfigureAwait(false));
            if (keys.Count > HeadersAtOnce)
            {
                // Whoever counts a million entries leaves half of the time to the app.
                await Task.Delay(Stopwatch.GetElapsedTime(start), node.Clock.Provider, cancellationToken).ConfigureAwait(false);
            }
        }

        string[] tags = [.. headers.SelectMany(static header => header?.Entry.Tags ?? []).Distinct(StringComparer.Ordinal)];
        if (headers.Any(static header => header?.Entry.Version is not null))
        {
            await reads.LearnTagsAsync(line, tags, cancellationToken).ConfigureAwait(false);
        }

        return [.. keys.Zip(headers, Row).OfType<KeyRow>()];
    }

    private KeyRow? Row(string key, EntryHeader? header)
    {
        if (header is not { Entry: var entry })
        {
            return null;
        }

        var verdict = entry is { IsDamaged: false, Version: not null } ? node.Tags.Check(entry.Stamp, entry.Tags) : TagVerdict.Valid;
        var isExpired = entry.IsExpired || verdict == TagVerdict.Expired;
        return new()
        {
            Key = key,
            State = entry switch
            {
                { IsDamaged: true } => KeyState.Unreadable,
                { Version: null } => KeyState.Foreign,
                _ when verdict == TagVerdict.Invalid => KeyState.Killed,
                { RetainedFor: { } kept } when isExpired && kept > TimeSpan.Zero => KeyState.Stale,
                _ when verdict == TagVerdict.Expired => KeyState.Killed,
                _ when isExpired || entry.ExpiresIn <= TimeSpan.Zero => KeyState.Expired,
                _ => KeyState.Fresh,
            },
            KilledBy = node.Tags.CauseOf(verdict, entry.Stamp, entry.Tags),
            Age = entry.Age,
            ExpiresIn = isExpired ? TimeSpan.Zero : entry.ExpiresIn,
            SlidingExpiration = entry.SlidingExpiration,
            Bytes = header.PayloadBytes,
            Tags = entry.Tags ?? [],
            Version = entry.Version,
            Writer = Explainer.Writer(entry.Version),
            IsInL1 = node.Local.Local.TryPeek(key, out _),
        };
    }
}
