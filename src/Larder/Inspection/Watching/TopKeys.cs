using System.Runtime.InteropServices;

namespace Larder.Inspection;

/// <summary>
/// The keys that come most often, in a table of a fixed size: a key that finds no place takes that of the rarest, with its
/// count. ("Space-Saving": Metwally, Agrawal, El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data
/// Streams", ICDT 2005.)
/// </summary>
internal sealed class TopKeys
{
    private const int Places = 256;

    private readonly Dictionary<string, Place> _places = new(Places, StringComparer.Ordinal);

    /// <summary>How many came, of all keys.</summary>
    public long Total { get; private set; }

    public void Add(string key, int weight, bool isHit)
    {
        Total += weight;
        ref var place = ref CollectionsMarshal.GetValueRefOrNullRef(_places, key);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref place))
        {
            place = place.Plus(weight, isHit);
            return;
        }

        long over = 0;
        if (_places.Count == Places)
        {
            var rarest = _places.MinBy(static pair => pair.Value.Count);
            over = rarest.Value.Count;
            _places.Remove(rarest.Key);
        }

        _places.Add(key, new Place(over, over, 0).Plus(weight, isHit));
    }

    public IReadOnlyList<HotKey> Read(int count) =>
        [.. _places.OrderByDescending(static pair => pair.Value.Count).Take(count)
            .Select(static pair => new HotKey(pair.Key, pair.Value.Count, pair.Value.Over, pair.Value.Misses))];

    private readonly record struct Place(long Count, long Over, long Misses)
    {
        public Place Plus(int weight, bool isHit) => new(Count + weight, Over, Misses + (isHit ? 0 : weight));
    }
}
