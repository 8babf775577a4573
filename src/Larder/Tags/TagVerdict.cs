namespace Larder.Tags;

/// <summary>What the tag clock says about an entry.</summary>
internal enum TagVerdict
{
    /// <summary>None of its tags was invalidated since its stamp.</summary>
    Valid,

    /// <summary>One was, or the entry belongs to another generation.</summary>
    Invalid,

    /// <summary>This node doesn't know: the tags have to be read from the store.</summary>
    Unknown,
}
