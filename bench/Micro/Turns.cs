using System.Globalization;

namespace Micro;

/// <summary>
/// The hits in turn, a millisecond each, many times: a machine that is slow for a while is so for all of them, and their ratios hold.
/// </summary>
internal static class Turns
{
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
            HitTurn[] turns =
            [
                HitTurn.Of<string>("nothing", static () => default),
                HitTurn.Of("Prototype", hits.Prototype),
                HitTurn.Of("Larder", hits.Larder),
                HitTurn.Of("Larder, two tags", hits.LarderTwoTags),
                HitTurn.Of("Larder, interpolated key", hits.LarderInterpolated),
                HitTurn.Of("Larder, closure", hits.LarderClosure),
                HitTurn.Of("HybridCache", hits.HybridCache),
                HitTurn.Of("HybridCache, two tags", hits.HybridCacheTwoTags),
                HitTurn.Of("HybridCache, interpolated key", hits.HybridCacheInterpolated),
                HitTurn.Of("HybridCache, closure", hits.HybridCacheClosure),
                HitTurn.Of("FusionCache", hits.FusionCache),
                HitTurn.Of("FusionCache, two tags", hits.FusionCacheTwoTags),
                HitTurn.Of("MemoryCache", hits.MemoryCache),
                HitTurn.Of("MemoryCache, interpolated key", hits.MemoryCacheInterpolated),
                HitTurn.Of("MemoryCache, closure", hits.MemoryCacheClosure),
                HitTurn.Of("BitFaster LRU", hits.BitFasterLru),
                HitTurn.Of("BitFaster LRU, state", hits.BitFasterLruState),
                HitTurn.Of("BitFaster LRU, interpolated key", hits.BitFasterLruInterpolated),
                HitTurn.Of("BitFaster LRU, closure", hits.BitFasterLruClosure),
                HitTurn.Of("ConcurrentDictionary", hits.Dictionary),
                HitTurn.Of("ConcurrentDictionary, state", hits.DictionaryState),
                HitTurn.Of("ConcurrentDictionary, interpolated key", hits.DictionaryInterpolated),
                HitTurn.Of("ConcurrentDictionary, closure", hits.DictionaryClosure),
            ];
            for (var round = -WarmUp; round < Rounds; round++)
            {
                foreach (var turn in turns)
                {
                    turn.Take(Batches, counts: round >= 0);
                }
            }

            Print(turns);
        }
        finally
        {
            hits.Cleanup();
        }
    }

    // What the calls themselves take, which do nothing, is not the caches'.
    private static void Print(HitTurn[] turns)
    {
        var nothing = turns[0].Median;
        var prototype = turns[1].Median - nothing;
        Console.WriteLine("| hit | median, ns | of the prototype | bytes |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var turn in turns.Skip(1))
        {
            var time = turn.Median - nothing;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {turn.Name} | {time:f1} | {time / prototype:f2} | {turn.Bytes:f0} |"));
        }
    }
}
