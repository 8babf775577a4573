using System.Buffers;
using System.IO.Compression;

namespace Larder.Payloads.Packing;

/// <summary>Brotli (RFC 7932), of the framework.</summary>
internal sealed class BrotliCompressor : IPayloadCompressor
{
    private const int Window = 22;

    public string Name => "brotli";

    public bool TryCompress(ReadOnlySpan<byte> source, Span<byte> target, CompressionLevel level, out int written) =>
        BrotliEncoder.TryCompress(source, target, out written, Quality(level), Window);

    public OperationStatus Decompress(ReadOnlySpan<byte> source, Span<byte> target, out int written)
    {
        // BrotliDecoder.TryDecompress does not tell whether something follows.
        using var decoder = new BrotliDecoder();
        var status = decoder.Decompress(source, target, out var consumed, out written);
        return status == OperationStatus.Done && consumed != source.Length ? OperationStatus.InvalidData : status;
    }

    // As BrotliStream takes the levels.
    private static int Quality(CompressionLevel level) => level switch
    {
        CompressionLevel.Optimal => 4,
        CompressionLevel.SmallestSize => 11,
        _ => 1,
    };
}
