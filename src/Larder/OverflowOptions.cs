namespace Larder;

/// <summary>
/// The level between L1 and L2: what L1 has no room for goes to this node's own disk, and is read from there in the place of L2.
/// Nothing of it survives the process.
/// </summary>
public sealed class OverflowOptions
{
    /// <summary>
    /// The directory of its files; it is made if it is not there. Several caches and processes may share one. A directory that can't
    /// be made or written to stops the start.
    /// </summary>
    /// <value>Default: <see langword="null"/>, for no overflow.</value>
    public string? Directory { get; set; }

    /// <summary>
    /// How large the files are at most, all together. When they are, the oldest sixteenth makes room. A value that takes more than a
    /// sixteenth, packed as for L2, is left out.
    /// </summary>
    /// <value>Default: 1 GiB (1,073,741,824). In bytes, at least 1 MiB (1,048,576).</value>
    public long MaximumBytes { get; set; } = 1L << 30;

    /// <summary>
    /// How many values the files have at most, those included that were invalidated since: each takes memory, whatever its size,
    /// which L1's bounds do not count.
    /// </summary>
    /// <value>Default: 1,000,000. From 1,000 to 100,000,000.</value>
    public int MaximumEntries { get; set; } = 1_000_000;
}
