namespace Micro;

/// <summary>
/// Sets and removals in turn, many times, as <see cref="Turns"/> does with hits: all keys of <see cref="ChangeBenchmark"/> a turn, each of
/// which has a value when it is set and when it is removed.
/// </summary>
internal static class ChangeTurns
{
    private const int Rounds = 300;

    // The code is compiled again and again while it runs: the first rounds count for nothing.
    private const int WarmUp = 200;

    /// <summary>Runs them, and prints the tables.</summary>
    public static async Task RunAsync()
    {
        var changes = new ChangeBenchmark();
        changes.Setup();
        try
        {
            KeyTurn[] sets =
            [
                new("HybridCache", changes.HybridCacheSet),
                new("Larder", changes.LarderSet),
                new("FusionCache", changes.FusionCacheSet),
                new("MemoryCache", changes.MemoryCacheSet),
            ];
            KeyTurn[] removals =
            [
                new("HybridCache", changes.HybridCacheRemove),
                new("Larder", changes.LarderRemove),
                new("FusionCache", changes.FusionCacheRemove),
                new("MemoryCache", changes.MemoryCacheRemove),
            ];
            for (var round = -WarmUp; round < Rounds; round++)
            {
                changes.Fill();
                foreach (var turn in (KeyTurn[])[.. sets, .. removals])
                {
                    await turn.TakeAsync(counts: round >= 0);
                }
            }

            KeyTurn.Print("set", sets);
            Console.WriteLine();
            KeyTurn.Print("remove", removals);
        }
        finally
        {
            changes.Cleanup();
        }
    }
}
