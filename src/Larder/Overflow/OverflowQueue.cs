using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Larder.Overflow;

/// <summary>
/// The records that wait to be written, whose values are in memory as long: bounded by their number and by what they took in L1.
/// </summary>
internal sealed class OverflowQueue(long maximumBytes)
{
    private const int MaximumCount = 10_000;

    private readonly Channel<OverflowRecord> _records = Channel.CreateUnbounded<OverflowRecord>(new() { SingleReader = true });
    private long _count;
    private long _bytes;

    /// <summary>How many wait, or are being written.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Makes sure of room for an entry. It never waits.</summary>
    /// <param name="bytes">What it takes in L1.</param>
    public bool TryReserve(long bytes)
    {
        if (Interlocked.Increment(ref _count) <= MaximumCount & Interlocked.Add(ref _bytes, bytes) <= maximumBytes)
        {
            return true;
        }

        Release(1, bytes);
        return false;
    }

    /// <summary>Gives the room of entries back.</summary>
    public void Release(long count, long bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Add(ref _count, -count);
    }

    /// <summary>Adds a record, for which there is room.</summary>
    public void Add(OverflowRecord record) => _records.Writer.TryWrite(record);

    public bool TryTake([NotNullWhen(true)] out OverflowRecord? record) => _records.Reader.TryRead(out record);

    /// <summary>Waits for a record.</summary>
    /// <returns>Whether there is one; otherwise none will come.</returns>
    public ValueTask<bool> WaitAsync() => _records.Reader.WaitToReadAsync();

    public void Complete() => _records.Writer.TryComplete();
}
