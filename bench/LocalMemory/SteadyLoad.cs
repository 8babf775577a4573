using Larder;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMemory;

/// <summary>A cache with a million entries under a hundred thousand reads a second, of which a part misses and is made anew.</summary>
internal static class SteadyLoad
{
    private const int Entries = 1_000_000;
    private const int PerSecond = 100_000;
    private const int PerMillisecond = PerSecond / 1000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Measures it.</summary>
    /// <param name="name">Says who decides when to collect.</param>
    /// <param name="goal">The cache's <see cref="LocalOptions.CollectionPauseGoal"/>.</param>
    /// <param name="duration">For how long.</param>
    public static async Task MeasureAsync(string name, TimeSpan goal, TimeSpan duration)
    {
        var services = new ServiceCollection();
        services.AddLarder(options => options.Local = new LocalOptions { MaximumEntries = Entries, MaximumBytes = 4L << 30, CollectionPauseGoal = goal });
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<LarderCache>();
        var keys = Enumerable.Range(0, Entries + (Entries / 10)).Select(Keys.Of).ToArray();
        for (var i = 0; i < Entries; i++)
        {
            await ReadAsync(cache, keys[i]);
        }

        GC.Collect();
        await LoadAsync(cache, keys, WarmUp);
        using var pauses = new Pauses();
        var allocated = GC.GetTotalAllocatedBytes();
        var (reads, seconds) = await LoadAsync(cache, keys, duration);
        var all = pauses.Milliseconds;
        var megabytes = (GC.GetTotalAllocatedBytes() - allocated) / seconds / (1 << 20);
        var slow = all.Count(static pause => pause > 20);
        Console.WriteLine($"| {name,-11} | {reads / seconds,14:N0} | {megabytes,11:0.0} | {all.Length,6} | {slow,7} | {all.ElementAtOrDefault(all.Length / 2),6:0.0} | {all.LastOrDefault(),7:0.0} | {all.Sum() / seconds / 10,13:0.0} |");
    }

    private static async Task<(long Reads, double Seconds)> LoadAsync(LarderCache cache, string[] keys, TimeSpan duration)
    {
        var random = new Random(1);
        var (reads, start) = (0L, Environment.TickCount64);
        while (Environment.TickCount64 - start < (long)duration.TotalMilliseconds)
        {
            for (; reads < (Environment.TickCount64 - start) * PerMillisecond; reads++)
            {
                await ReadAsync(cache, keys[random.Next(keys.Length)]);
            }

            Thread.Sleep(1);
        }

        return (reads, (Environment.TickCount64 - start) / 1000.0);
    }

    private static ValueTask<Value> ReadAsync(LarderCache cache, string key) =>
        cache.GetOrCreateAsync(key, key, static (key, _) => ValueTask.FromResult(new Value(key, 42)), FiveMinutes);

    private static readonly LarderEntryOptions FiveMinutes = new() { Expiration = TimeSpan.FromMinutes(5), ShareInstances = true };

    private sealed record Value(string Name, int Number);
}
