using System.Diagnostics.CodeAnalysis;
using MemoryPack;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.MemoryPack;

/// <summary>Takes the types that MemoryPack can handle.</summary>
internal sealed class MemoryPackPayloadSerializerFactory(MemoryPackSerializerOptions options) : IHybridCacheSerializerFactory
{
    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = HandledTypes.Contains(typeof(T)) ? new MemoryPackPayloadSerializer<T>(options) : null;
        return serializer is not null;
    }
}
