using System.Buffers;
using System.IO.Compression;

namespace Larder.Payloads;

/// <summary>
/// A way to compress payloads on their way to L2. Give it to a cache by <c>UsePayloadCompressor</c>; Brotli is there without
/// that. It is called from many threads at once.
/// </summary>
public interface IPayloadCompressor
{
    /// <summary>
    /// What the entry says about how it was compressed, and what <see cref="CompressionOptions.Algorithm"/> calls it. It is
    /// stored: the same name must mean the same format for ever.
    /// </summary>
    /// <value>1 to 32 characters: ASCII letters, digits, <c>.</c>, <c>-</c>, <c>_</c>.</value>
    string Name { get; }

    /// <summary>Compresses a payload.</summary>
    /// <param name="source">The payload; at least one byte.</param>
    /// <param name="target">Where the result goes. It is shorter than the payload: what does not fit is not worth it.</param>
    /// <param name="level">Whether time or room is dearer.</param>
    /// <param name="written">The length of the result.</param>
    /// <returns><see langword="false"/> if the result does not fit.</returns>
    bool TryCompress(ReadOnlySpan<byte> source, Span<byte> target, CompressionLevel level, out int written);

    /// <summary>Restores a payload. What it throws counts as <see cref="OperationStatus.InvalidData"/>.</summary>
    /// <param name="source">What L2 had: not to be trusted.</param>
    /// <param name="target">Where the payload goes.</param>
    /// <param name="written">The length of the payload.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/>; <see cref="OperationStatus.DestinationTooSmall"/> if the payload is really longer
    /// than <paramref name="target"/> (the call is then repeated with a larger one, up to a limit); anything else if
    /// <paramref name="source"/> is not one whole result of <see cref="TryCompress"/>, with nothing cut off or added.
    /// </returns>
    OperationStatus Decompress(ReadOnlySpan<byte> source, Span<byte> target, out int written);
}
