using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Hybrid;
using Newtonsoft.Json;

namespace Larder.NewtonsoftJson;

/// <summary>Takes every type.</summary>
internal sealed class NewtonsoftJsonPayloadSerializerFactory(JsonSerializer json) : IHybridCacheSerializerFactory
{
    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = new NewtonsoftJsonPayloadSerializer<T>(json);
        return true;
    }
}
