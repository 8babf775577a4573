using System.IO.Compression;

namespace Larder;

/// <summary>
/// How payloads are compressed on their way to L2, bound from the configuration section <c>Larder:Compression</c>
/// (<c>Larder:{name}:Compression</c> for a named cache) and validated at start.
/// </summary>
/// <remarks>These are options of writing: every cache reads what was compressed by an algorithm that it knows.</remarks>
public sealed class CompressionOptions
{
    /// <summary>The shortest payload that is compressed. One that would not become shorter is stored as it is.</summary>
    /// <value>Default: 4,096. In bytes, at least 1.</value>
    public int MinimumBytes { get; set; } = 4096;

    /// <summary>Whether time or room is dearer.</summary>
    /// <value>Default: <see cref="CompressionLevel.Fastest"/>. Not <see cref="CompressionLevel.NoCompression"/>.</value>
    public CompressionLevel Level { get; set; } = CompressionLevel.Fastest;

    /// <summary>The algorithm, by its <see cref="Payloads.IPayloadCompressor.Name"/>: <c>brotli</c>, or another that the cache was given.</summary>
    /// <value>Default: the one that the cache was given last (<c>UseZstandard</c>: <c>zstd</c>), or <c>brotli</c>.</value>
    public string? Algorithm { get; set; }

    /// <summary>Whether UseCompression was called.</summary>
    internal bool IsOn { get; set; }
}
