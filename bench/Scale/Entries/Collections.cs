using System.Diagnostics;
using LocalMemory;

namespace Scale.Entries;

/// <summary>How long garbage collections stop the process while one thread reads and sets as quickly as it can.</summary>
/// <param name="Median">Of all pauses, in ms.</param>
/// <param name="Longest">In ms.</param>
/// <param name="PerSecond">How many there were in a second.</param>
internal readonly record struct Collections(double Median, double Longest, double PerSecond)
{
    // Four hits, then a Set that replaces a value: what it replaces is garbage in the oldest generation.
    private const int HitsPerSet = 4;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    public static async Task<Collections> MeasureAsync(FilledCache cache)
    {
        var (random, keys) = (new Random(2), new Keys());
        using var pauses = new Pauses();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Duration)
        {
            keys.Draw(random, cache.Entries);
            for (var i = 0; i < Keys.Count; i++)
            {
                cache.Hit(keys[i]);
                if (i % HitsPerSet == 0)
                {
                    var number = random.Next(cache.Entries);
                    await cache.SetAsync(Keys.Of(number), FilledCache.ValueOf(number), number);
                }
            }
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = pauses.Milliseconds;
        return all.Length == 0 ? default : new(all[all.Length / 2], all[^1], all.Length / seconds);
    }
}
