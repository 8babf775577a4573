using System.Diagnostics;

namespace L2;

/// <summary>Callers of one contender, each of which repeats an operation.</summary>
internal static class Load
{
    private const int BatchSize = 100;

    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(100);

    // Each caller has its own: caches join those that ask for one key at once.
    private static readonly string[][] BatchKeys =
        [.. Enumerable.Range(0, 64).Select(static caller => Enumerable.Range(0, BatchSize).Select(i => $"batch:{caller}:{i}").ToArray())];

    private static long _runs;

    /// <summary>Stores the values that are read.</summary>
    public static async Task FillAsync(IContender contender, Order order)
    {
        var value = ValueOf(order);
        foreach (var keys in KeysToRead(order.Operation, order.Callers).Chunk(100))
        {
            await Task.WhenAll(keys.Select(key => contender.RunAsync(Operation.Set, key, value).AsTask()));
        }
    }

    /// <summary>Lets the callers go on for a while.</summary>
    public static async Task<Rate> RunAsync(IContender contender, Order order)
    {
        var (operation, value) = (order.Operation, ValueOf(order));
        var run = Interlocked.Increment(ref _runs);
        var allocated = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, order.Callers).Select(caller => Task.Run(() => CallAsync(caller))));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var count = counts.Sum();
        return new(count / elapsed.TotalSeconds, (GC.GetTotalAllocatedBytes() - allocated) / (double)count);

        async Task<long> CallAsync(int caller)
        {
            var count = 0L;
            while (Stopwatch.GetElapsedTime(start) < Duration)
            {
                if (operation == Operation.Batch)
                {
                    await contender.BatchAsync(BatchKeys[caller]);
                    count += BatchSize;
                    continue;
                }

                await contender.RunAsync(operation, KeyOf(operation, run, caller, count), value);
                count++;
            }

            return count;
        }
    }

    private static string ValueOf(Order order) => new('x', order.Size);

    private static IEnumerable<string> KeysToRead(Operation operation, int callers) => operation switch
    {
        Operation.Hit => Enumerable.Range(0, callers).Select(HitKey),
        Operation.Batch => BatchKeys.Take(callers).SelectMany(static keys => keys),
        _ => [],
    };

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
/// <param name="PerSecond">Operations a second; of batches, values.</param>
/// <param name="Bytes">Bytes that the process has allocated for each.</param>
internal readonly record struct Rate(double PerSecond, double Bytes);
