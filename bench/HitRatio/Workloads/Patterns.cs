namespace HitRatio.Workloads;

/// <summary>Made-up accesses, the same at each run.</summary>
internal static class Patterns
{
    public static IEnumerable<Workload> All() =>
    [
        Workload.Of("zipf 0.7", Zipf(50_000, 0.7, 500_000, seed: 1)),
        Workload.Of("zipf 1.0", Zipf(50_000, 1.0, 500_000, seed: 2)),
        Workload.Of("scans", Scans()),
        Workload.Of("shift", Shift()),
        Workload.Of("loop", Enumerable.Range(0, 300_000).Select(i => (long)i % 20_000)),
    ];

    // Now and then somebody reads 8,000 keys that nobody reads again.
    private static IEnumerable<long> Scans()
    {
        var (count, once) = (0, 1_000_000L);
        foreach (var key in Zipf(20_000, 0.9, 400_000, seed: 3))
        {
            yield return key;
            count++;
            for (var i = 0; count % 20_000 == 0 && i < 8_000; i++)
            {
                yield return once++;
            }
        }
    }

    // Which keys are popular changes ten times.
    private static IEnumerable<long> Shift() => Zipf(20_000, 0.9, 500_000, seed: 5).Select((key, i) => (key + (i / 50_000 * 500)) % 20_000);

    /// <summary>Keys of which the one of rank r is asked for in proportion to r to the power of minus <paramref name="exponent"/>.</summary>
    private static IEnumerable<long> Zipf(int keys, double exponent, int count, int seed)
    {
        var random = new Random(seed);
        var byRank = Enumerable.Range(0, keys).ToArray();
        random.Shuffle(byRank);
        var sum = 0.0;
        var upTo = byRank.Select((_, rank) => sum += Math.Pow(rank + 1, -exponent)).ToArray();
        for (var i = 0; i < count; i++)
        {
            var found = Array.BinarySearch(upTo, random.NextDouble() * sum);
            yield return byRank[Math.Min(keys - 1, found < 0 ? ~found : found)];
        }
    }
}
