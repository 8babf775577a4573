using Larder;
using Larder.MemoryPack;
using MemoryPack;
using Microsoft.Extensions.Caching.Hybrid;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes MemoryPack the serializer of a cache.</summary>
public static class LarderMemoryPackExtensions
{
    /// <summary>
    /// Serializes the types that MemoryPack can handle (marked with <c>[MemoryPackable]</c>, primitives, and well-known
    /// collections and tuples of such) by MemoryPack, and all others by JSON as before. Text and bytes stay as they are.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="options">MemoryPack's options; by default its own: texts as UTF-8.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseMemoryPack(this ILarderBuilder builder, MemoryPackSerializerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<IHybridCacheSerializerFactory>(
            builder.Name, new MemoryPackPayloadSerializerFactory(options ?? MemoryPackSerializerOptions.Default));
        return builder;
    }
}
