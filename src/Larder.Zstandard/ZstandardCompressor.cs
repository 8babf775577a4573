using System.Buffers;
using System.IO.Compression;
using Larder.Payloads;
using ZstdSharp;

namespace Larder.Zstandard;

/// <summary>Zstandard (RFC 8878), one frame a payload.</summary>
internal sealed class ZstandardCompressor : IPayloadCompressor
{
    // A context takes 100 KB or more of native memory, and longer to make than a payload to compress.
    private readonly Contexts<Compressor> _compressors = new(static () => new Compressor());
    private readonly Contexts<Decompressor> _decompressors = new(static () => new Decompressor());

    public string Name => "zstd";

    public bool TryCompress(ReadOnlySpan<byte> source, Span<byte> target, CompressionLevel level, out int written)
    {
        var compressor = _compressors.Take();
        try
        {
            compressor.Level = Level(level);
            return compressor.TryWrap(source, target, out written);
        }
        finally
        {
            _compressors.Return(compressor);
        }
    }

    public OperationStatus Decompress(ReadOnlySpan<byte> source, Span<byte> target, out int written)
    {
        var decompressor = _decompressors.Take();
        try
        {
            // In one step: a frame's header can't make it allocate a window.
            return decompressor.TryUnwrap(source, target, out written) ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
        }
        catch (ZstdException)
        {
            written = 0;
            return OperationStatus.InvalidData;
        }
        finally
        {
            _decompressors.Return(decompressor);
        }
    }

    // The default of zstd itself is 3, the highest that needs no extraordinary memory is 19.
    private static int Level(CompressionLevel level) => level switch
    {
        CompressionLevel.Optimal => 3,
        CompressionLevel.SmallestSize => 19,
        _ => 1,
    };
}
