using Larder;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMemory;

/// <summary>A cache with a million entries under a hundred thousand reads a second, of which a part misses and is made anew.</summary>
internal static class SteadyLoad
{
    private const int Entries = 1_000_000;
    private const int PerSecond = 100_000;
    private const int PerMillisecond = PerSecond / 1000;

    public static async Task MeasureAsync(TimeSpan duration)
    {
        var services = new ServiceCollection();
        services.AddLarder(options => options.Local = new LocalOptions { MaximumEntries = Entries, MaximumBytes = 4L << 30 });
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<LarderCache>();
        var keys = Enumerable.Range(0, Entries + (Entries / 10)).Select(Keys.Of).ToArray();
        for (var i = 0; i < Entries; i++)
        {
            await ReadAsync(cache, keys[i]);
        }

        GC.Collect();
        using var pauses = new Pauses();
        var allocated = GC.GetTotalAllocatedBytes();
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

        var seconds = (Environment.TickCount64 - start) / 1000.0;
        var all = pauses.Milliseconds;
        Console.WriteLine($"{cache.Node.Local.Local.Count:N0} entries, {reads / seconds:N0} reads a second for {seconds:0} s, {(GC.GetTotalAllocatedBytes() - allocated) / seconds / (1 << 20):0.0} MB a second allocated:");
        Console.WriteLine($"{all.Length} pauses; median {(all.Length > 0 ? all[all.Length / 2] : 0):0.00} ms, longest {(all.Length > 0 ? all[^1] : 0):0.00} ms; collections of generation 0, 1, 2: {GC.CollectionCount(0)}, {GC.CollectionCount(1)}, {GC.CollectionCount(2)} since the start");
    }

    private static ValueTask<Value> ReadAsync(LarderCache cache, string key) =>
        cache.GetOrCreateAsync(key, key, static (key, _) => ValueTask.FromResult(new Value(key, 42)), FiveMinutes);

    private static readonly LarderEntryOptions FiveMinutes = new() { Expiration = TimeSpan.FromMinutes(5), ShareInstances = true };

    private sealed record Value(string Name, int Number);
}
