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
            KeyTurn[] turns =
            [
                new("HybridCache", changes.HybridCacheMiss),
                new("Larder", changes.LarderMiss),
                new("FusionCache", changes.FusionCacheMiss),
            ];
            for (var round = -WarmUp; round < Rounds; round++)
            {
                changes.Empty();
                foreach (var turn in turns)
                {
                    await turn.TakeAsync(counts: round >= 0);
                }
            }

            KeyTurn.Print("miss", turns);
        }
        finally
        {
            changes.Cleanup();
        }
    }
}
