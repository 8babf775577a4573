using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Micro;

/// <summary>
/// The hits in turn, a millisecond each, many times: a machine that is slow for a while is so for all of them, and their ratios hold.
/// </summary>
internal static class Turns
{
    private const int Calls = 1_000;
    private const int Rounds = 300;
    private const int Batches = 30;

    // The code is compiled again and again while it runs: the first rounds count for nothing.
    private const int WarmUp = 300;

    /// <summary>Runs them, and prints a table.</summary>
    public static async Task RunAsync()
    {
        var hits = new HitBenchmark();
        await hits.SetupAsync();
        try
        {
            Contender[] contenders =
            [
                new("nothing", static () => default),
                new("Prototype", hits.Prototype),
                new("Larder", hits.Larder),
                new("Larder, two tags", hits.LarderTwoTags),
                new("Larder, interpolated key", hits.LarderInterpolated),
                new("Larder, closure", hits.LarderClosure),
                new("HybridCache", hits.HybridCache),
                new("HybridCache, two tags", hits.HybridCacheTwoTags),
                new("HybridCache, interpolated key", hits.HybridCacheInterpolated),
                new("HybridCache, closure", hits.HybridCacheClosure),
                new("FusionCache", hits.FusionCache),
                new("FusionCache, two tags", hits.FusionCacheTwoTags),
            ];
            for (var round = -WarmUp; round < Rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    contender.Take(counts: round >= 0);
                }
            }

            Print(contenders);
        }
        finally
        {
            hits.Cleanup();
        }
    }

    // What the calls themselves take, which do nothing, is not the caches'.
    private static void Print(Contender[] contenders)
    {
        var nothing = contenders[0].Median;
        var prototype = contenders[1].Median - nothing;
        Console.WriteLine("| hit | median, ns | of the prototype |");
        Console.WriteLine("|---|---:|---:|");
        foreach (var contender in contenders.Skip(1))
        {
            var time = contender.Median - nothing;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {contender.Name} | {time:f1} | {time / prototype:f2} |"));
        }
    }

    private sealed class Contender(string name, Func<ValueTask<string>> hit)
    {
        private readonly List<double> _times = [];

        public string Name => name;

        public double Median => _times.Median();

        public void Take(bool counts)
        {
            var start = Stopwatch.GetTimestamp();
            for (var batch = 0; batch < Batches; batch++)
            {
                Call();
            }

            if (counts)
            {
                _times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / (Batches * Calls));
            }
        }

        // Called often, so that it is compiled as hot code is, not in the middle of a loop that is slow.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Call()
        {
            for (var i = 0; i < Calls; i++)
            {
                Check(hit());
            }
        }

        private void Check(ValueTask<string> found)
        {
            if (!found.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException($"{name}: no hit.");
            }
        }
    }
}
