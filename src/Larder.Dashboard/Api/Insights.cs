namespace Larder.Dashboard.Api;

/// <summary>What is worth a look, of all nodes that answered.</summary>
internal sealed record Insights
{
    public required NodesAsked Asked { get; init; }

    /// <summary>Since when requests have been sampled: nothing is, while nobody looks.</summary>
    public DateTimeOffset SampledSince { get; init; }

    /// <summary>How many requests there were since then, about.</summary>
    public long Requests { get; init; }

    /// <summary>How many entries of L1 were looked at.</summary>
    public long ExaminedEntries { get; init; }

    /// <summary>Bytes of entries that nobody has read since they were stored.</summary>
    public long UnreadBytes { get; init; }

    /// <summary>The keys that are asked for most.</summary>
    public required IReadOnlyList<HotKey> Hot { get; init; }

    /// <summary>The largest entries.</summary>
    public required IReadOnlyList<BigKey> Big { get; init; }

    /// <summary>Entries of L1 that nobody has read since they were stored.</summary>
    public required IReadOnlyList<UnreadKey> Unread { get; init; }

    /// <summary>Keys whose factory takes longer than the value then lives.</summary>
    public required IReadOnlyList<ShortLivedKey> ShortLived { get; init; }

    /// <summary>Moments at which many entries expire together.</summary>
    public required IReadOnlyList<Herd> Herds { get; init; }
}

/// <summary>A key that is asked for often.</summary>
/// <param name="Key">The key.</param>
/// <param name="Requests">How often, about, on all nodes: never fewer.</param>
/// <param name="AtMostOver">By how much that may be too high.</param>
/// <param name="Misses">How many of them were no hit, about.</param>
/// <param name="Share">Its part of all requests, from 0 to 1.</param>
internal sealed record HotKey(string Key, long Requests, long AtMostOver, long Misses, double Share);

/// <summary>A large entry.</summary>
/// <param name="Key">The key.</param>
/// <param name="Size">Bytes.</param>
internal sealed record BigKey(string Key, long Size);

/// <summary>An entry that nobody has read since it was stored.</summary>
/// <param name="Key">The key.</param>
/// <param name="Node">On which node.</param>
/// <param name="Size">Bytes.</param>
/// <param name="AgeMs">Since it was written; left out if unknown.</param>
internal sealed record UnreadKey(string Key, string Node, long Size, double? AgeMs);

/// <summary>A key whose value lives shorter than it takes to make.</summary>
/// <param name="Key">The key.</param>
/// <param name="LifetimeMs">How long it lives.</param>
/// <param name="FactoryMs">How long its factory took.</param>
internal sealed record ShortLivedKey(string Key, double LifetimeMs, double FactoryMs);

/// <summary>Entries of a node's L1 that expire within the same second.</summary>
/// <param name="At">When.</param>
/// <param name="Node">On which node.</param>
/// <param name="Entries">How many.</param>
/// <param name="Share">Their part of all that were looked at, from 0 to 1.</param>
internal sealed record Herd(DateTimeOffset At, string Node, long Entries, double Share);
