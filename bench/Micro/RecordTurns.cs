using System.Globalization;

namespace Micro;

/// <summary>Hits of values that are no strings, in turn, as <see cref="Turns"/> does with those that are.</summary>
internal static class RecordTurns
{
    private const int Rounds = 300;
    private const int Batches = 2;

    // The code is compiled again and again while it runs: the first rounds count for nothing.
    private const int WarmUp = 300;

    /// <summary>Runs them, and prints a table.</summary>
    public static async Task RunAsync()
    {
        var records = new RecordBenchmark();
        await records.SetupAsync();
        try
        {
            HitTurn[] immutable =
            [
                HitTurn.Of("HybridCache", records.HybridCacheImmutable),
                HitTurn.Of("Larder", records.LarderImmutable),
                HitTurn.Of("FusionCache", records.FusionCacheImmutable),
            ];
            HitTurn[] mutable =
            [
                HitTurn.Of("HybridCache", records.HybridCacheMutable),
                HitTurn.Of("Larder", records.LarderMutable),
                HitTurn.Of("FusionCache, automatic clones", records.FusionCacheMutable),
            ];
            for (var round = -WarmUp; round < Rounds; round++)
            {
                foreach (var turn in (HitTurn[])[.. immutable, .. mutable])
                {
                    turn.Take(Batches, counts: round >= 0);
                }
            }

            Console.WriteLine("| hit of | | at best, ns | median, ns | of HybridCache | bytes |");
            Console.WriteLine("|---|---|---:|---:|---:|---:|");
            Print("a record that nobody can change", immutable);
            Print("a class that anybody can change", mutable);
        }
        finally
        {
            records.Cleanup();
        }
    }

    private static void Print(string what, HitTurn[] turns)
    {
        foreach (var turn in turns)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {turn.Name} | {turn.Least:f0} | {turn.Median:f0} | {turn.RatioTo(turns[0]):f2} | {turn.Bytes:f0} |"));
        }
    }
}
