namespace Larder;

/// <summary>Why a read of a key was no hit, in L1 or in L2.</summary>
public enum MissReason
{
    /// <summary>It was a hit, or this level was not asked.</summary>
    None,

    /// <summary>There was nothing: never cached, removed, evicted, or expired long ago.</summary>
    NotThere,

    /// <summary>The entry had expired.</summary>
    Expired,

    /// <summary>A tag of the entry was invalidated, or the cache cleared, or the server is not the one it was.</summary>
    Tagged,

    /// <summary>L1 only: the entry is from a time of which messages may have been missed, or no echo comes back.</summary>
    NotTrusted,

    /// <summary>The entry is of another type, was damaged, or can't be read with the serializers and keys that this node has.</summary>
    Unreadable,

    /// <summary>L2 only: it does not answer, and is left alone for the moment.</summary>
    StoreDown,

    /// <summary>L2 only: an invalidation of the key, or of a tag, has not reached it yet.</summary>
    Undelivered,

    /// <summary>The value is larger than <see cref="LarderOptions.MaximumPayloadBytes"/>: it is made anew by every read.</summary>
    TooLarge,
}
