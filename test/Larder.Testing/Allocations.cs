namespace Larder.Testing;

/// <summary>What code allocates.</summary>
public static class Allocations
{
    private const int Runs = 5;

    /// <summary>
    /// The bytes that an action allocates on this thread, at the least of some runs: what the runtime itself allocates once, now
    /// and then, while it compiles the code anew, say, is not the action's.
    /// </summary>
    /// <param name="action">What is run; once more before it is measured.</param>
    public static long Of(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
