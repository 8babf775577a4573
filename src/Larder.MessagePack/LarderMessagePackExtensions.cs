using Larder;
using Larder.MessagePack;
using MessagePack;
using Microsoft.Extensions.Caching.Hybrid;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes MessagePack the serializer of a cache.</summary>
public static class LarderMessagePackExtensions
{
    /// <summary>
    /// Serializes the types that MessagePack can handle (marked with <c>[MessagePackObject]</c>, primitives, and collections
    /// and tuples of such) by MessagePack, and all others by JSON as before. Text and bytes stay as they are.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="options">
    /// MessagePack's options; by default its standard ones, for data that are not to be trusted
    /// (<see cref="MessagePackSecurity.UntrustedData"/>). Which types are handled is up to their resolver.
    /// </param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseMessagePack(this ILarderBuilder builder, MessagePackSerializerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<IHybridCacheSerializerFactory>(
            builder.Name,
            new MessagePackPayloadSerializerFactory(options ?? MessagePackSerializerOptions.Standard.WithSecurity(MessagePackSecurity.UntrustedData)));
        return builder;
    }
}
