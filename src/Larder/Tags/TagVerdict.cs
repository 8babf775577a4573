namespace Larder.Tags;

/// <summary>What the tag clock says about an entry.</summary>
internal enum TagVerdict
{
    /// <summary>None of its tags was invalidated since its stamp.</summary>
    Valid,

    /// <summary>One was expired since its stamp: the entry is as one whose time is over, and may be kept for fail-safe.</summary>
    Expired,

    /// <summary>One was removed since its stamp, or the entry belongs to another generation.</summary>
    Invalid,

    /// <summary>This node doesn't know: the tags have to be read from the store.</summary>
    Unknown,
}
