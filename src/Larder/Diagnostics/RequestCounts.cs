using System.Runtime.InteropServices;

namespace Larder.Diagnostics;

/// <summary>
/// Requests by result, counted on as many cache lines as there are processors: one line that all of them write would cost
/// each hit more than the hit.
/// </summary>
internal sealed class RequestCounts
{
    private readonly Cell[] _cells = new Cell[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];

    public void Add(RequestResult result)
    {
        ref var cell = ref _cells[Thread.GetCurrentProcessorId() & (_cells.Length - 1)];
        Interlocked.Increment(ref cell.Counts[(int)result]);
    }

    public long Sum(RequestResult result)
    {
        long sum = 0;
        for (var i = 0; i < _cells.Length; i++)
        {
            sum += Volatile.Read(ref _cells[i].Counts[(int)result]);
        }

        return sum;
    }

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Cell
    {
        public PerResult Counts;
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct PerResult
    {
        private long _first;
    }
}
