using System.Runtime.CompilerServices;

namespace Larder.Local;

/// <summary>
/// The chains of a table of entries. They grow one by one: a new one takes its entries from one other
/// (<see cref="LinearHashing"/>), so that no growth takes longer than another. Read without a lock, written under one.
/// </summary>
internal sealed class EntryChains
{
    /// <summary>How many there are at first.</summary>
    public const int Least = 64;

    // The most that are allocated and cleared at once: 8 KB. A copy of the references to them is a thousandth of the table.
    private const int SegmentBits = 10;
    private const int SegmentLength = 1 << SegmentBits;

    private Segment[] _segments = [new()];
    private long _bounds = LinearHashing.Bounds(Least);
    private int _begun = Least;

    public int Count => (int)Bounds;

    /// <summary>How many there are, as <see cref="LinearHashing.Place(ulong, long)"/> takes it.</summary>
    public long Bounds => Volatile.Read(ref _bounds);

    /// <summary>The first entry of a chain that is less than a <see cref="Count"/> read before.</summary>
    public ref LocalEntry? First(int chain) => ref _segments[chain >> SegmentBits].First(chain & (SegmentLength - 1));

    /// <summary>Whether entries of a chain have moved, or are about to, since there were so many.</summary>
    public bool HasMovedSince(int count, int chain) => Volatile.Read(ref _begun) > LinearHashing.NextPart(chain, count);

    public void Link_NeedsLock(LocalEntry entry, ulong hash)
    {
        ref var first = ref First(LinearHashing.Place(hash, _bounds));
        entry.Next = first;
        Volatile.Write(ref first, entry);
    }

    /// <summary>Removes an entry that is in its chain.</summary>
    public void Unlink_NeedsLock(LocalEntry entry, ulong hash)
    {
        // Its own link stays: a reader that stands on it goes on to what was behind it.
        ref var first = ref First(LinearHashing.Place(hash, _bounds));
        if (ReferenceEquals(first, entry))
        {
            Volatile.Write(ref first, entry.Next);
            return;
        }

        var before = first!;
        while (!ReferenceEquals(before.Next, entry))
        {
            before = before.Next!;
        }

        before.Next = entry.Next;
    }

    /// <summary>One chain more.</summary>
    /// <remarks>
    /// A reader may follow an entry that moves into the new chain and miss what stays in the old one, or look in the old one
    /// for what has moved. It learns so by _begun, written before the first link: who reads a link that was written here
    /// reads _begun after it, and nothing passes a volatile write or read in that direction, on no processor. _bounds is
    /// written after the last link, so that who reads it finds the new chain whole, and its segment in place.
    /// </remarks>
    public void Grow_NeedsLock()
    {
        var added = Count;
        MakeRoom_NeedsLock(added);
        Volatile.Write(ref _begun, added + 1);
        ref var first = ref First(LinearHashing.Origin(added));
        ref var firstAdded = ref First(added);
        LocalEntry? before = null;
        for (var entry = first; entry is not null;)
        {
            var behind = entry.Next;
            if (LinearHashing.Place(KeyHash.Of(entry.Key), added + 1) != added)
            {
                before = entry;
            }
            else
            {
                if (before is null)
                {
                    Volatile.Write(ref first, behind);
                }
                else
                {
                    before.Next = behind;
                }

                entry.Next = firstAdded;
                Volatile.Write(ref firstAdded, entry);
            }

            entry = behind;
        }

        Volatile.Write(ref _bounds, LinearHashing.Bounds(added + 1));
    }

    private void MakeRoom_NeedsLock(int chain)
    {
        var segment = chain >> SegmentBits;
        if (segment == _segments.Length)
        {
            var segments = new Segment[segment * 2];
            _segments.CopyTo(segments, 0);
            Volatile.Write(ref _segments, segments);
        }

        // Null from the start to here only: no reader knows of it yet.
        _segments[segment] ??= new Segment();
    }

    // Without a length to be loaded, unlike an array, and without a check of the type of what it holds.
    private sealed class Segment
    {
        private Entries _firsts;

        public ref LocalEntry? First(int index) => ref _firsts[index];

        [InlineArray(SegmentLength)]
        private struct Entries
        {
            private LocalEntry? _first;
        }
    }
}
