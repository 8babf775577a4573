namespace Larder.Inspection;

/// <summary>Which keys are wanted.</summary>
internal sealed record KeyQuery
{
    /// <summary>Keys of which pattern.</summary>
    public KeyPattern Pattern { get; init; } = KeyPattern.All;

    /// <summary>Only entries with this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Where an earlier page ended; <see langword="null"/> for the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many rows are enough. A page may have some more.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>How many keys are looked at, at most, before the page ends with what was found.</summary>
    public int Budget { get; init; } = 10_000;
}

/// <summary>Some of the keys.</summary>
internal sealed record KeyPage
{
    /// <summary>The rows. A key may come twice in two pages, and those that were there all the time come.</summary>
    public required IReadOnlyList<KeyRow> Rows { get; init; }

    /// <summary>Where to go on; <see langword="null"/> at the end.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many keys were looked at for this page, about.</summary>
    public required long Examined { get; init; }

    /// <summary>How many there are on the server, about, of whatever kind.</summary>
    public long? Total { get; init; }

    /// <summary>Where they are: in L2, or in this node's L1 if the cache has no L2 that can list its keys.</summary>
    public required CacheLevel Level { get; init; }
}

/// <summary>A key and what is known of its entry without fetching the value.</summary>
internal sealed record KeyRow
{
    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>What a reader would find.</summary>
    public required KeyState State { get; init; }

    /// <summary>The tag that killed it; <c>*</c> for Clear or another generation.</summary>
    public string? KilledBy { get; init; }

    /// <summary>The time since it was written.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The time until it expires; <see langword="null"/> if it never does.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The sliding expiration, if it slides.</summary>
    public TimeSpan? SlidingExpiration { get; init; }

    /// <summary>Bytes: in L2 of the payload, in L1 with key and bookkeeping.</summary>
    public required long Bytes { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The version; <see langword="null"/> if another program wrote it.</summary>
    public string? Version { get; init; }

    /// <summary>The node that wrote it.</summary>
    public string? Writer { get; init; }

    /// <summary>Whether this node's L1 has it too.</summary>
    public bool IsInL1 { get; init; }
}

/// <summary>What a reader of a key would find.</summary>
internal enum KeyState
{
    /// <summary>A value.</summary>
    Fresh,

    /// <summary>An expired value that is kept for fail-safe.</summary>
    Stale,

    /// <summary>A value that has expired, and goes.</summary>
    Expired,

    /// <summary>A value that one of its tags has invalidated.</summary>
    Killed,

    /// <summary>Something that can't be read.</summary>
    Unreadable,

    /// <summary>A value in this node's L1 that is not served, because messages may have been missed since.</summary>
    Distrusted,

    /// <summary>What another program wrote, which Larder reads as a value.</summary>
    Foreign,
}

/// <summary>The next parts of the keys that begin alike.</summary>
internal sealed record KeyTree
{
    /// <summary>The parts, by name.</summary>
    public required IReadOnlyList<KeyBranch> Branches { get; init; }

    /// <summary>Where to go on: the counts of two pages add up. <see langword="null"/> at the end.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many keys were looked at, about.</summary>
    public required long Examined { get; init; }

    /// <summary>How many there are on the server, about, of whatever kind.</summary>
    public long? Total { get; init; }
}

/// <summary>A part of keys, up to the next colon.</summary>
/// <param name="Prefix">All from the beginning, with the colon.</param>
/// <param name="Keys">How many keys begin with it, among those looked at.</param>
/// <param name="IsKey">Whether it is a key as it is, and so without a colon at its end.</param>
internal sealed record KeyBranch(string Prefix, long Keys, bool IsKey);

/// <summary>How many entries a removal of a tag would hit, among those looked at.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Examined">How many keys were looked at, about.</param>
/// <param name="Total">How many there are on the server, about.</param>
/// <param name="Cursor">Where to go on; <see langword="null"/> at the end.</param>
internal sealed record TagCount(long Entries, long Examined, long? Total, string? Cursor);

/// <summary>The invalidation of a tag.</summary>
/// <param name="Tag">The tag; <c>*</c> for Clear.</param>
/// <param name="At">When this node made it or heard of it.</param>
/// <param name="NodeId">Who made it.</param>
/// <param name="IsExpiry">Whether the entries were expired, not removed.</param>
internal sealed record TagNote(string Tag, DateTimeOffset At, string NodeId, bool IsExpiry = false);
