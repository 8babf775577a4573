using System.Diagnostics;
using System.Globalization;

namespace Micro;

/// <summary>Misses in turn, many times, as <see cref="Turns"/> does with hits: all keys of <see cref="ChangeBenchmark"/> a turn.</summary>
internal static class MissTurns
{
    private const int Rounds = 300;

    // The code is compiled again and again while it runs: the first rounds count for nothing.
    private const int WarmUp = 200;

    /// <summary>Runs them, and prints a table.</summary>
    public static async Task RunAsync()
    {
        var changes = new ChangeBenchmark();
        changes.Setup();
        try
        {
            (string Name, Func<Task> Miss)[] contenders =
                [("HybridCache", changes.HybridCacheMiss), ("Larder", changes.LarderMiss), ("FusionCache", changes.FusionCacheMiss)];
            var times = contenders.ToDictionary(static one => one.Name, static _ => new List<double>());
            for (var round = -WarmUp; round < Rounds; round++)
            {
                changes.Empty();
                foreach (var (name, miss) in contenders)
                {
                    var start = Stopwatch.GetTimestamp();
                    await miss();
                    if (round >= 0)
                    {
                        times[name].Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / ChangeBenchmark.Count);
                    }
                }
            }

            Console.WriteLine("| miss | at best, ns | median, ns | of HybridCache |");
            Console.WriteLine("|---|---:|---:|---:|");
            foreach (var (name, own) in times)
            {
                var ratio = own.Zip(times[contenders[0].Name], static (time, other) => time / other).Median();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {own.Min():f0} | {own.Median():f0} | {ratio:f2} |"));
            }
        }
        finally
        {
            changes.Cleanup();
        }
    }
}
