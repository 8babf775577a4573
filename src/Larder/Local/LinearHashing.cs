using System.Numerics;

namespace Larder.Local;

/// <summary>
/// Where a hash belongs among places whose number grows one by one: a new place takes a part of what one other has, and
/// nothing else moves ("Linear hashing: a new tool for file and table addressing", VLDB 1980).
/// </summary>
internal static class LinearHashing
{
    /// <summary>The place of a hash: the number in its lower bits, with one bit less if that is beyond the places there are.</summary>
    public static int Place(ulong hash, int places)
    {
        var mask = Mask(places);
        var place = (int)hash & mask;
        return place < places ? place : place & (mask >> 1);
    }

    /// <summary>The place of which a new one takes a part: its number without the highest bit.</summary>
    public static int Origin(int place) => place & (Mask(place) >> 1);

    // All bits that the numbers of the places may have; one more than that just before they have it.
    private static int Mask(int places) => (int)(uint.MaxValue >> BitOperations.LeadingZeroCount((uint)places));
}
