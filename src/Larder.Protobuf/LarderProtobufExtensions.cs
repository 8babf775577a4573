using Larder;
using Larder.Protobuf;
using Microsoft.Extensions.Caching.Hybrid;
using ProtoBuf.Meta;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes Protocol Buffers the serializer of a cache.</summary>
public static class LarderProtobufExtensions
{
    /// <summary>
    /// Serializes types marked with <c>[ProtoContract]</c>, those that <paramref name="model"/> was given, and arrays, lists and
    /// dictionaries of such by protobuf-net, and all others by JSON as before. Text and bytes stay as they are.
    /// </summary>
    /// <remarks>Protocol Buffers know no empty collection: a member that is one may come back as <see langword="null"/>.</remarks>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="model">
    /// A model of the app, with the types that were added to it before this call; by default protobuf-net's own.
    /// </param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseProtobuf(this ILarderBuilder builder, RuntimeTypeModel? model = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<IHybridCacheSerializerFactory>(builder.Name, new ProtobufPayloadSerializerFactory(model));
        return builder;
    }
}
