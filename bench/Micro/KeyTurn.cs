using System.Diagnostics;
using System.Globalization;

namespace Micro;

/// <summary>An operation on all keys of <see cref="ChangeBenchmark"/>, taken in turn with those of other caches.</summary>
internal sealed class KeyTurn(string name, Func<Task> run)
{
    private readonly List<double> _times = [];
    private readonly List<double> _bytes = [];

    private string Name => name;

    /// <summary>Takes a turn.</summary>
    /// <param name="counts">Whether it is for more than warming up.</param>
    public async Task TakeAsync(bool counts)
    {
        // Without what lies in the threads' buffers: a byte or so for each key.
        var allocated = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        await run();
        var elapsed = Stopwatch.GetElapsedTime(start);
        if (counts)
        {
            _times.Add(elapsed.TotalNanoseconds / ChangeBenchmark.Count);
            _bytes.Add((GC.GetTotalAllocatedBytes() - allocated) / (double)ChangeBenchmark.Count);
        }
    }

    /// <summary>Prints a table of those that were taken in turn; the ratios are to the first.</summary>
    public static void Print(string operation, KeyTurn[] turns)
    {
        Console.WriteLine($"| {operation} | at best, ns | median, ns | of {turns[0].Name} | bytes |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var turn in turns)
        {
            // The ratio of each turn: the machine was as fast for both.
            var ratio = turn._times.Zip(turns[0]._times, static (time, its) => time / its).Median();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {turn.Name} | {turn._times.Min():f0} | {turn._times.Median():f0} | {ratio:f2} | {turn._bytes.Median():f0} |"));
        }
    }
}
