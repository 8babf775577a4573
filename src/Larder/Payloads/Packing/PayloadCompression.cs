using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace Larder.Payloads.Packing;

/// <summary>
/// Compresses the payloads of one cache, and restores them. The body of the frame is the length of the payload (4 bytes,
/// little-endian), its CRC-32C (4 bytes), and what the algorithm made: no algorithm notices each changed bit.
/// </summary>
internal sealed class PayloadCompression
{
    private const int FactsLength = 8;

    // The room that a payload gets by what its header says alone: enough for all but the most uniform ones.
    private const int TrustedLength = 1 << 20;
    private const int TrustedRatio = 64;
    private const int Growth = 8;

    private readonly Dictionary<string, IPayloadCompressor> _known = new(StringComparer.Ordinal);
    private readonly IPayloadCompressor? _current;
    private readonly byte[] _header = [];
    private readonly int _minimum;
    private readonly long _maximum;
    private readonly CompressionLevel _level;

    /// <param name="known">The algorithms; of two with one name, the later counts.</param>
    /// <param name="options">What is compressed, and how.</param>
    /// <param name="maximum">The longest payload that is compressed or restored.</param>
    public PayloadCompression(IEnumerable<IPayloadCompressor> known, CompressionOptions options, long maximum)
    {
        var last = "";
        foreach (var compressor in known)
        {
            last = compressor.Name;
            _known[last] = compressor;
        }

        _minimum = options.MinimumBytes;
        _maximum = maximum;
        _level = options.Level;
        if (options.IsOn)
        {
            _current = _known[options.Algorithm ?? last];
            _header = PackFrame.Header(PackKind.Compressed, _current.Name);
        }
    }

    /// <summary>A frame with the compressed payload; <see langword="null"/> if that is not wanted, or would not be shorter.</summary>
    public byte[]? Compress(ReadOnlySpan<byte> payload)
    {
        var overhead = _header.Length + FactsLength;
        if (_current is null || payload.Length < _minimum || payload.Length > _maximum || payload.Length <= overhead + 1)
        {
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        try
        {
            var room = buffer.AsSpan(0, payload.Length - overhead - 1);
            if (!_current.TryCompress(payload, room, _level, out var written))
            {
                return null;
            }

            var frame = GC.AllocateUninitializedArray<byte>(overhead + written);
            _header.CopyTo(frame, 0);
            BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(_header.Length), payload.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(_header.Length + 4), Checksum(payload));
            room[..written].CopyTo(frame.AsSpan(overhead));
            return frame;
        }
        finally
        {
            // Payloads may be secrets, and the pool is everybody's.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Restores a payload.</summary>
    /// <returns>Why that is impossible; <see langword="null"/> if it was done.</returns>
    public string? Decompress(PackFrame frame, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (!_known.TryGetValue(frame.Algorithm, out var compressor))
        {
            return $"It was compressed by '{frame.Algorithm}', which this cache does not know; it knows {string.Join(", ", _known.Keys)}.";
        }

        var body = frame.Body.Span;
        if (body.Length <= FactsLength)
        {
            return "It was compressed, and cut off.";
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(body);
        if (length <= 0 || length > _maximum)
        {
            return $"It was compressed, and says that it has {length} bytes; it may have from 1 to {_maximum}.";
        }

        if (Restore(compressor, body[FactsLength..], length) is not { } restored
            || Checksum(restored) != BinaryPrimitives.ReadUInt32LittleEndian(body[4..]))
        {
            return $"It was compressed by '{frame.Algorithm}', and is damaged.";
        }

        payload = restored;
        return null;
    }

    // A header can say anything: memory grows only as far as there really is something to fill it.
    private static byte[]? Restore(IPayloadCompressor compressor, ReadOnlySpan<byte> compressed, int length)
    {
        var room = Math.Min(length, Math.Max(TrustedLength, (long)compressed.Length * TrustedRatio));
        while (true)
        {
            var target = GC.AllocateUninitializedArray<byte>((int)room);
            var status = compressor.Decompress(compressed, target, out var written);
            if (status == OperationStatus.Done)
            {
                return written == length ? target : null;
            }

            if (status != OperationStatus.DestinationTooSmall || room == length)
            {
                return null;
            }

            room = Math.Min(length, room * Growth);
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
