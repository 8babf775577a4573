using System.Runtime.CompilerServices;

namespace Larder.Local;

/// <summary>
/// About how often a key was asked for lately, whether it is cached or not: a count-min sketch of four-bit counters that
/// are halved now and then ("TinyLFU: A Highly Efficient Cache Admission Policy", ACM Transactions on Storage, 2017). It
/// grows by a page, and a page is halved when it is next looked at, so that nothing takes longer the larger it is. Not
/// thread-safe.
/// </summary>
internal sealed class FrequencySketch
{
    /// <summary>After this many counts for each place it has, all are halved: what was asked for long ago shall not stand forever.</summary>
    public const int Memory = 12;

    /// <summary>The places of a page: 8 KB. No sketch is smaller: many more keys come by a small cache than it holds.</summary>
    public const int PageLength = 1 << PageBits;

    private const int PageBits = 10;
    private const int Rows = 4;
    private const int MostCounted = 15;

    private readonly List<Page> _pages = [new()];
    private long _counted;
    private int _halvings;

    /// <summary>About how often the key was counted, 15 at most; seldom too high, never too low by more than the halvings.</summary>
    public int Estimate(string key)
    {
        var hash = KeyHash.Of(key);
        var least = MostCounted;
        for (var row = 0; row < Rows; row++)
        {
            least = Math.Min(least, (int)(Counters(hash, row) >> Shift(hash, row)) & MostCounted);
        }

        return least;
    }

    public void Count(string key, int times = 1) => Count(KeyHash.Of(key), times);

    /// <summary>As the other overload, by the key's <see cref="KeyHash"/>.</summary>
    public void Count(ulong hash, int times = 1)
    {
        for (var row = 0; row < Rows; row++)
        {
            ref var counters = ref Counters(hash, row);
            var shift = Shift(hash, row);
            var count = (int)(counters >> shift) & MostCounted;
            counters += (ulong)Math.Min(times, MostCounted - count) << shift;
        }

        Age(times);
    }

    /// <summary>Brings the next halving nearer, as if so much had been counted: what is remembered seems to be out of date.</summary>
    public void Age(int counts)
    {
        _counted += counts;
        if (_counted >= Memory * PageLength * (long)_pages.Count)
        {
            _halvings++;
            _counted /= 2;
        }
    }

    /// <summary>Grows with the cache, by a page at most; what was counted stays.</summary>
    public void MakeRoomFor(int entries)
    {
        // Almost three words for two entries: with fewer, keys share counters often enough to cost a scan's neighbours their places.
        if (16L * entries > 11L * PageLength * _pages.Count)
        {
            // What was counted in the page whose keys are now divided between the two.
            _pages.Add(_pages[LinearHashing.Origin(_pages.Count)].Copy());
        }
    }

    public void Clear()
    {
        _pages.Clear();
        _pages.Add(new());
        _counted = 0;
        _halvings = 0;
    }

    // Each row uses bits of its own for the word's place, and counters of its own in the words: 4 of the 16, one of them by
    // the hash's highest bits.
    private ref ulong Counters(ulong hash, int row)
    {
        var place = hash >> (row * 9);
        var page = _pages[LinearHashing.Place(place >> PageBits, _pages.Count)];
        page.Halve(_halvings);
        return ref page[(int)place & (PageLength - 1)];
    }

    private static int Shift(ulong hash, int row) => 4 * ((row * Rows) + (int)(hash >> 62));

    private sealed class Page
    {
        private Words _words;
        private int _halvings;

        /// <summary>Sixteen counters.</summary>
        public ref ulong this[int index] => ref _words[index];

        /// <summary>Makes up for the halvings since it was last looked at.</summary>
        public void Halve(int halvings)
        {
            var missed = halvings - _halvings;
            if (missed == 0)
            {
                return;
            }

            _halvings = halvings;
            var rest = 0x1111_1111_1111_1111UL * (ulong)(MostCounted >> Math.Min(missed, 4));
            foreach (ref var counters in (Span<ulong>)_words)
            {
                counters = (counters >> Math.Min(missed, 4)) & rest;
            }
        }

        public Page Copy() => new() { _words = _words, _halvings = _halvings };

        [InlineArray(PageLength)]
        private struct Words
        {
            private ulong _first;
        }
    }
}
