namespace Larder.Inspection;

/// <summary>What is worth a look on a node.</summary>
internal sealed record Insights
{
    /// <summary>Since when requests have been sampled.</summary>
    public required DateTimeOffset SampledSince { get; init; }

    /// <summary>How many requests there were since then, about.</summary>
    public required long Requests { get; init; }

    /// <summary>How many entries of L1 were looked at.</summary>
    public required int ExaminedEntries { get; init; }

    /// <summary>The keys that are asked for most.</summary>
    public required IReadOnlyList<HotKey> Hot { get; init; }

    /// <summary>The largest entries of L1.</summary>
    public required IReadOnlyList<BigKey> Big { get; init; }

    /// <summary>Entries of L1 that nobody has read since they were stored, the oldest first.</summary>
    public required IReadOnlyList<UnreadKey> Unread { get; init; }

    /// <summary>How many there are of these, and their bytes.</summary>
    public required long UnreadBytes { get; init; }

    /// <summary>Keys whose factory takes longer than the value then lives.</summary>
    public required IReadOnlyList<ShortLivedKey> ShortLived { get; init; }

    /// <summary>Moments at which many entries expire together.</summary>
    public required IReadOnlyList<Herd> Herds { get; init; }
}

/// <summary>A key that is asked for often.</summary>
/// <param name="Key">The key.</param>
/// <param name="Requests">How often, about: never fewer, and at most <paramref name="AtMostOver"/> too many.</param>
/// <param name="AtMostOver">By how much that may be too high.</param>
/// <param name="Misses">How many of them were no hit, about.</param>
internal sealed record HotKey(string Key, long Requests, long AtMostOver, long Misses);

/// <summary>A large entry.</summary>
/// <param name="Key">The key.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record BigKey(string Key, long Bytes);

/// <summary>An entry that nobody has read.</summary>
/// <param name="Key">The key.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Age">Since it was written.</param>
internal sealed record UnreadKey(string Key, long Bytes, TimeSpan? Age);

/// <summary>A key whose value lives shorter than it takes to make.</summary>
/// <param name="Key">The key.</param>
/// <param name="Lifetime">How long it lives.</param>
/// <param name="Factory">How long its factory took.</param>
internal sealed record ShortLivedKey(string Key, TimeSpan Lifetime, TimeSpan Factory);

/// <summary>Entries that expire together.</summary>
/// <param name="In">When their second begins, from now.</param>
/// <param name="Entries">How many.</param>
/// <param name="Share">Which share that is of all that were looked at.</param>
internal sealed record Herd(TimeSpan In, int Entries, double Share);
