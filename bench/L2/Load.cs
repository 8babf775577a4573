using System.Diagnostics;

namespace L2;

/// <summary>Callers of one contender, each of which repeats an operation.</summary>
internal static class Load
{
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(200);

    private static long _runs;

    /// <summary>Lets the callers go on for a while.</summary>
    /// <param name="contender">The cache.</param>
    /// <param name="operation">What they do.</param>
    /// <param name="callers">How many there are.</param>
    /// <param name="value">The value.</param>
    public static async Task<Rate> RunAsync(IContender contender, Operation operation, int callers, string value)
    {
        var run = Interlocked.Increment(ref _runs);
        var allocated = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller))));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var count = counts.Sum();
        return new(count / elapsed.TotalSeconds, (GC.GetTotalAllocatedBytes() - allocated) / (double)count);

        async Task<long> CallAsync(int caller)
        {
            var count = 0L;
            while (Stopwatch.GetElapsedTime(start) < Duration)
            {
                await contender.RunAsync(operation, KeyOf(operation, run, caller, count), value);
                count++;
            }

            return count;
        }
    }

    /// <summary>The keys of hits, which must be there.</summary>
    public static IEnumerable<string> HitKeys => Enumerable.Range(0, 64).Select(HitKey);

    private static string HitKey(int caller) => $"hit:{caller}";

    private static string KeyOf(Operation operation, long run, int caller, long count) => operation switch
    {
        Operation.Hit => HitKey(caller),
        Operation.Miss => $"miss:{run}:{caller}:{count}",
        Operation.RemoveByTag => $"tag:{caller % 8}",
        _ => $"key:{caller}:{count % 64}",
    };
}

/// <summary>What one run has shown.</summary>
/// <param name="PerSecond">Operations a second.</param>
/// <param name="Bytes">Bytes that the process has allocated for each.</param>
internal readonly record struct Rate(double PerSecond, double Bytes);
