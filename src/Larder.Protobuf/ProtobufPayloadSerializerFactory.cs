using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Hybrid;
using ProtoBuf.Meta;

namespace Larder.Protobuf;

/// <summary>Takes the types that were made for Protocol Buffers.</summary>
internal sealed class ProtobufPayloadSerializerFactory(RuntimeTypeModel? model) : IHybridCacheSerializerFactory
{
    private readonly HandledTypes _types = new(model);

    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = _types.Contains(typeof(T)) ? new ProtobufPayloadSerializer<T>(model ?? RuntimeTypeModel.Default) : null;
        return serializer is not null;
    }
}
