using System.Diagnostics;
using System.Globalization;

namespace Micro;

/// <summary>The callers of one flight in turn, many times, as <see cref="Turns"/> does with hits: joining and going on, for each.</summary>
internal static class FlightTurns
{
    private const int Rounds = 150;

    // The code is compiled again and again while it runs: the first rounds count for nothing.
    private const int WarmUp = 60;

    /// <summary>Runs them, and prints a table.</summary>
    public static async Task RunAsync()
    {
        var flights = new FlightBenchmark();
        flights.Setup();
        try
        {
            Contender[] contenders =
            [
                new("HybridCache", flights.BeginHybridCache, flights.HybridCache),
                new("Larder", flights.BeginLarder, flights.Larder),
                new("FusionCache", flights.BeginFusionCache, flights.FusionCache),
                new("BitFaster LRU, atomic", flights.BeginBitFasterAtomic, flights.BitFasterAtomic),
            ];
            for (var round = -WarmUp; round < Rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    await contender.TakeAsync(counts: round >= 0);
                }
            }

            Console.WriteLine("| median for each caller | joining, ns | of HybridCache | going on, ns | of HybridCache |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
            foreach (var contender in contenders)
            {
                contender.Print(contenders[0]);
            }
        }
        finally
        {
            flights.Cleanup();
        }
    }

    private sealed class Contender(string name, Action begin, Func<Task> end)
    {
        private readonly List<double> _begins = [];
        private readonly List<double> _ends = [];

        public async Task TakeAsync(bool counts)
        {
            var start = Stopwatch.GetTimestamp();
            begin();
            var joined = Stopwatch.GetTimestamp();
            await end();
            if (counts)
            {
                _begins.Add(Stopwatch.GetElapsedTime(start, joined).TotalNanoseconds / FlightBenchmark.Count);
                _ends.Add(Stopwatch.GetElapsedTime(joined).TotalNanoseconds / FlightBenchmark.Count);
            }
        }

        // The ratio of each turn: the machine is as fast for both.
        public void Print(Contender other) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {_begins.Median():f0} | {Ratio(_begins, other._begins):f2} | {_ends.Median():f0} | {Ratio(_ends, other._ends):f2} |"));

        private static double Ratio(List<double> times, List<double> others) => times.Zip(others, static (time, other) => time / other).Median();
    }
}
