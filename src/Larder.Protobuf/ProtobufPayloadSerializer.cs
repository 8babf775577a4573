using System.Buffers;
using Microsoft.Extensions.Caching.Hybrid;
using ProtoBuf;
using ProtoBuf.Meta;

namespace Larder.Protobuf;

/// <summary>
/// Protocol Buffers, behind a byte that neither JSON, nor any text, nor the other serializers begin with, and the length of
/// the message: a message that was cut off, or goes on, may be a whole one to a reader who knows neither.
/// </summary>
internal sealed class ProtobufPayloadSerializer<T>(TypeModel model) : IHybridCacheSerializer<T>
{
    private const byte Mark = 0xF8;

    public T Deserialize(ReadOnlySequence<byte> source)
    {
        var reader = new SequenceReader<byte>(source);
        if (!reader.TryRead(out var mark) || mark != Mark)
        {
            throw new ProtoException("The payload does not begin as those of Protocol Buffers do here: something else wrote it.");
        }

        var length = ReadLength(ref reader);
        return length == reader.Remaining
            ? model.Deserialize<T>(reader.UnreadSequence)
            : throw new ProtoException($"The payload has {reader.Remaining} bytes after its length; it says {length}.");
    }

    public void Serialize(T value, IBufferWriter<byte> target)
    {
        using var measured = model.Measure(value);
        target.Write([Mark]);
        WriteLength(target, measured.Length);
        measured.Serialize(target);
    }

    // A base-128 varint, as in front of a message in a stream of them.
    private static void WriteLength(IBufferWriter<byte> target, long length)
    {
        while (length >= 0x80)
        {
            target.Write([(byte)(length | 0x80)]);
            length >>= 7;
        }

        target.Write([(byte)length]);
    }

    private static long ReadLength(ref SequenceReader<byte> reader)
    {
        var length = 0L;
        for (var shift = 0; shift < 63 && reader.TryRead(out var part); shift += 7)
        {
            length |= (part & 0x7FL) << shift;
            if (part < 0x80)
            {
                return length;
            }
        }

        throw new ProtoException("The payload ends in its length.");
    }
}
