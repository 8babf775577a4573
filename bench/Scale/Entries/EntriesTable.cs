namespace Scale.Entries;

/// <summary>The tables of what grows with the entries of L1.</summary>
internal static class EntriesTable
{
    private const int Fewest = 1000;
    private const int WarmUps = 3;

    public static async Task PrintAsync(int most)
    {
        // Code is compiled for the last time a while after it has run the second time, and some of it runs for moments only.
        for (var i = 0; i < WarmUps; i++)
        {
            await MeasureAsync(Fewest);
        }

        var changes = new List<string>();
        Console.WriteLine("| entries | bytes an entry | hit, any key, ns | dictionary, any key, ns | hit, 1,000 hot keys, ns | dictionary, 1,000 hot keys, ns |");
        Console.WriteLine("|--------:|---------------:|-----------------:|------------------------:|------------------------:|-------------------------------:|");
        for (var entries = Fewest; entries <= most; entries *= 10)
        {
            var (hits, rest) = await MeasureAsync(entries);
            Console.WriteLine(hits);
            changes.Add(rest);
        }

        Console.WriteLine();
        Console.WriteLine("| entries | Set, µs | RemoveByTag, µs | first hit after it, ns | second, ns | longest Set while it filled, ms | GC pauses a second | median, ms | longest, ms |");
        Console.WriteLine("|--------:|--------:|----------------:|-----------------------:|-----------:|--------------------------------:|-------------------:|-----------:|------------:|");
        changes.ForEach(Console.WriteLine);
        Console.WriteLine();
    }

    private static async Task<(string Hits, string Changes)> MeasureAsync(int entries)
    {
        await using var cache = await FilledCache.CreateAsync(entries);
        var costs = new Costs();
        await costs.MeasureSetsAsync(cache);
        var pauses = await Collections.MeasureAsync(cache);
        costs.MeasureHits(cache, new Control(entries));
        await costs.MeasureTagsAsync(cache);
        return (
            $"| {entries:N0} | {cache.Bytes:N0} | {costs.Hit.Median:0} | {costs.ControlHit.Median:0} | {costs.HotHit.Median:0} | {costs.HotControlHit.Median:0} |",
            $"| {entries:N0} | {costs.Set.Median / 1000:0.0} | {costs.RemoveByTag.Median / 1000:0.0} | {costs.FirstHit.Median:0} | {costs.SecondHit.Median:0} "
            + $"| {cache.LongestSet:0.0} | {pauses.PerSecond:0.0} | {pauses.Median:0.0} | {pauses.Longest:0.0} |");
    }
}
