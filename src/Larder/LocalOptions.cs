namespace Larder;

/// <summary>The bounds of L1, the part of a cache that is in the process's own memory.</summary>
public sealed class LocalOptions
{
    /// <summary>How many entries L1 holds at most.</summary>
    /// <value>Default: 100,000. From 1 to 100,000,000.</value>
    public int MaximumEntries { get; set; } = 100_000;

    /// <summary>
    /// How many bytes the values in L1 have together at most: the serialized length where a value is serialized,
    /// <see cref="LarderEntryOptions.LocalSize"/> where given, an estimate otherwise. A larger value is not kept in L1.
    /// </summary>
    /// <value>Default: 256 MiB. In bytes, at least 1,024.</value>
    public long MaximumBytes { get; set; } = 256L << 20;
}
