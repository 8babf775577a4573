namespace Larder.Local;

/// <summary>
/// About how often a key was asked for lately, whether it is cached or not: a count-min sketch of four-bit counters that
/// are halved now and then ("TinyLFU: A Highly Efficient Cache Admission Policy", ACM Transactions on Storage, 2017). Not
/// thread-safe.
/// </summary>
internal sealed class FrequencySketch
{
    private const int Rows = 4;
    private const int MostCounted = 15;

    // After this many counts for each place it has, all are halved: what was asked for long ago shall not stand forever.
    private const int Memory = 13;

    // 8 KB: many more keys come by a small cache than it holds.
    private const int LeastLength = 1024;

    // Sixteen counters in each.
    private ulong[] _counters = new ulong[LeastLength];
    private int _counted;

    /// <summary>About how often the key was counted, 15 at most; seldom too high, never too low by more than the halvings.</summary>
    public int Estimate(string key)
    {
        var hash = KeyHash.Of(key);
        var least = MostCounted;
        for (var row = 0; row < Rows; row++)
        {
            var (index, shift) = Place(hash, row);
            least = Math.Min(least, (int)(_counters[index] >> shift) & MostCounted);
        }

        return least;
    }

    public void Count(string key, int times = 1)
    {
        var hash = KeyHash.Of(key);
        for (var row = 0; row < Rows; row++)
        {
            var (index, shift) = Place(hash, row);
            var count = (int)(_counters[index] >> shift) & MostCounted;
            _counters[index] += (ulong)Math.Min(times, MostCounted - count) << shift;
        }

        _counted += times;
        if (_counted >= Memory * (long)_counters.Length)
        {
            Halve();
        }
    }

    /// <summary>Grows with the cache; what was counted stays.</summary>
    public void MakeRoomFor(int entries)
    {
        if (entries > _counters.Length)
        {
            // A place is the lower bits of a hash: with one bit more it is the same place in the one half or the other.
            _counters = [.. _counters, .. _counters];
        }
    }

    public void Clear()
    {
        _counters = new ulong[LeastLength];
        _counted = 0;
    }

    private void Halve()
    {
        for (var i = 0; i < _counters.Length; i++)
        {
            _counters[i] = (_counters[i] >> 1) & 0x7777_7777_7777_7777UL;
        }

        _counted /= 2;
    }

    // Each row uses counters of its own in the words: 4 of the 16, one of them by the hash's highest bits.
    private (int Index, int Shift) Place(ulong hash, int row)
    {
        var index = (int)(hash >> (row * 9)) & (_counters.Length - 1);
        return (index, 4 * ((row * Rows) + (int)(hash >> 62)));
    }
}
