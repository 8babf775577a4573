using System.Buffers;
using MessagePack;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.MessagePack;

/// <summary>
/// MessagePack, each value in an array of its own. The first byte is then never that of JSON, in which the number 53 is
/// the text of the number 5: servers with other serializers get a miss, not another value.
/// </summary>
internal sealed class MessagePackPayloadSerializer<T>(MessagePackSerializerOptions options) : IHybridCacheSerializer<T>
{
    private const byte ArrayOfOne = 0x91;

    public T Deserialize(ReadOnlySequence<byte> source)
    {
        if (source.IsEmpty || source.FirstSpan[0] != ArrayOfOne)
        {
            throw new MessagePackSerializationException("The payload is not an array of one value: something else wrote it.");
        }

        var reader = new MessagePackReader(source.Slice(1));
        var value = MessagePackSerializer.Deserialize<T>(ref reader, options);
        return reader.End ? value : throw new MessagePackSerializationException("The payload goes on after the value.");
    }

    public void Serialize(T value, IBufferWriter<byte> target)
    {
        target.Write([ArrayOfOne]);
        MessagePackSerializer.Serialize(target, value, options);
    }
}
