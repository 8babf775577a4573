using System.Buffers;
using MemoryPack;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.MemoryPack;

/// <summary>
/// MemoryPack, behind a byte that neither JSON, nor any text, nor MessagePack begins with: MemoryPack itself has no mark, and
/// eight digits of JSON would be a number to it. Servers with other serializers get a miss, not another value.
/// </summary>
internal sealed class MemoryPackPayloadSerializer<T>(MemoryPackSerializerOptions options) : IHybridCacheSerializer<T>
{
    private const byte Mark = 0xC1;

    public T Deserialize(ReadOnlySequence<byte> source)
    {
        if (source.IsEmpty || source.FirstSpan[0] != Mark)
        {
            throw new MemoryPackSerializationException("The payload does not begin as MemoryPack's do here: something else wrote it.");
        }

        var value = default(T);
        var packed = source.Slice(1);
        var consumed = MemoryPackSerializer.Deserialize(packed, ref value, options);
        return consumed == packed.Length ? value! : throw new MemoryPackSerializationException("The payload goes on after the value.");
    }

    public void Serialize(T value, IBufferWriter<byte> target)
    {
        target.Write([Mark]);
        MemoryPackSerializer.Serialize(target, value, options);
    }
}
