namespace Larder.Inspection;

/// <summary>Counts durations by <see cref="Durations.BoundsMs"/>.</summary>
internal sealed class Histogram
{
    private static readonly double[] Bounds = [.. Durations.BoundsMs];

    private readonly long[] _buckets = new long[Bounds.Length + 1];

    public void Add(TimeSpan time)
    {
        var place = Array.BinarySearch(Bounds, time.TotalMilliseconds);
        Interlocked.Increment(ref _buckets[place < 0 ? ~place : place]);
    }

    public Durations Read() => new([.. _buckets]);
}
