using Larder.Stores;

namespace Larder.Local;

/// <summary>The epoch and the tag clock that entries were loaded in; those loaded between two changes share one object.</summary>
internal sealed record EntryOrigin(long Epoch, TagStamp Stamp)
{
    // Of whichever cache made the last: if two take turns, they share less, and nothing else.
    private static EntryOrigin? _last;

    public static EntryOrigin Of(long epoch, TagStamp stamp)
    {
        if (Volatile.Read(ref _last) is { } last && last.Epoch == epoch && last.Stamp == stamp)
        {
            return last;
        }

        var origin = new EntryOrigin(epoch, stamp);
        Volatile.Write(ref _last, origin);
        return origin;
    }
}
