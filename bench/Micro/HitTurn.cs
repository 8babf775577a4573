using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Micro;

/// <summary>A hit of a cache, taken in turn with those of others.</summary>
internal abstract class HitTurn(string name)
{
    /// <summary>The hits of a batch.</summary>
    protected const int Calls = 1_000;

    private readonly List<double> _times = [];
    private readonly List<double> _bytes = [];

    public string Name => name;

    /// <summary>The least time of a hit, in nanoseconds.</summary>
    public double Least => _times.Min();

    /// <summary>The median of the time of a hit, in nanoseconds.</summary>
    public double Median => _times.Median();

    /// <summary>The bytes that a hit allocates.</summary>
    public double Bytes => _bytes.Median();

    public static HitTurn Of<T>(string name, Func<ValueTask<T>> hit) => new Turn<T>(name, hit);

    /// <summary>Takes a turn.</summary>
    /// <param name="batches">How long it is.</param>
    /// <param name="counts">Whether it is for more than warming up.</param>
    public void Take(int batches, bool counts)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var batch = 0; batch < batches; batch++)
        {
            Call();
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        if (counts)
        {
            _times.Add(elapsed.TotalNanoseconds / (batches * Calls));
            _bytes.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)(batches * Calls));
        }
    }

    /// <summary>The median of the turns' ratios to another's: the machine was as fast for both.</summary>
    public double RatioTo(HitTurn other) => _times.Zip(other._times, static (time, its) => time / its).Median();

    protected abstract void Call();

    private sealed class Turn<T>(string name, Func<ValueTask<T>> hit) : HitTurn(name)
    {
        // Called often, so that it is compiled as hot code is, not in the middle of a loop that is slow.
        [MethodImpl(MethodImplOptions.NoInlining)]
        protected override void Call()
        {
            for (var i = 0; i < Calls; i++)
            {
                Check(hit());
            }
        }

        private void Check(ValueTask<T> found)
        {
            if (!found.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException($"{Name}: no hit.");
            }
        }
    }
}
