using Larder.Inspection;

namespace Larder.Dashboard.Api;

/// <summary>How far a bounded scan got.</summary>
/// <param name="Examined">The keys that this step has looked at.</param>
/// <param name="EstimatedTotal">About how many keys there are; left out if unknown.</param>
/// <param name="Cursor">Continues the scan; left out at its end.</param>
/// <param name="Source">What was scanned; left out where only counts are given.</param>
internal sealed record ScanProgress(long Examined, long? EstimatedTotal, string? Cursor, ScanSource? Source);

/// <summary>What was scanned.</summary>
internal enum ScanSource
{
    /// <summary>L2: what all nodes share.</summary>
    Store,

    /// <summary>This node's L1, for a cache whose L2 can't be scanned, or that has none.</summary>
    Local,
}

/// <summary>A step of a scan.</summary>
/// <param name="Keys">What was found in it: perhaps nothing, and there may be more all the same.</param>
/// <param name="Progress">How far it got.</param>
internal sealed record KeyList(IReadOnlyList<KeyRow> Keys, ScanProgress Progress);

/// <summary>A key, as a scan finds it.</summary>
internal sealed record KeyRow
{
    public required string Key { get; init; }

    public KeyState State { get; init; }

    /// <summary>The tag that killed it, if one did; <c>*</c> for Clear or another generation.</summary>
    public string? KilledBy { get; init; }

    public double? AgeMs { get; init; }

    /// <summary>Until it expires if nobody reads it; left out if it never does.</summary>
    public double? ExpiresInMs { get; init; }

    /// <summary>Bytes: in L2 of the payload, in L1 with key and bookkeeping.</summary>
    public long Size { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public double? SlidingMs { get; init; }

    public string? Version { get; init; }

    /// <summary>The node that wrote it.</summary>
    public string? Writer { get; init; }

    /// <summary>Whether this node's L1 has it too.</summary>
    public bool IsInL1 { get; init; }
}

/// <summary>The keys below a prefix, grouped by what follows it up to the next separator.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Branches">The groups, in their order.</param>
/// <param name="Progress">How far the scan got: counts are of what it has seen.</param>
internal sealed record KeyTree(string Prefix, IReadOnlyList<KeyBranch> Branches, ScanProgress Progress);

/// <summary>A group of keys, or one key.</summary>
/// <param name="Prefix">The group's prefix, with its separator; of a key the key.</param>
/// <param name="Label">What follows the prefix above.</param>
/// <param name="Count">How many keys were seen in it.</param>
/// <param name="IsKey">Whether it is one key, and no group.</param>
internal sealed record KeyBranch(string Prefix, string Label, long Count, bool IsKey);
