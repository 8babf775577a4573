using System.Diagnostics.CodeAnalysis;
using MessagePack;
using MessagePack.Formatters;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.MessagePack;

/// <summary>Takes the types for which MessagePack has a formatter, and for whose parts too.</summary>
internal sealed class MessagePackPayloadSerializerFactory(MessagePackSerializerOptions options) : IHybridCacheSerializerFactory
{
    // Formatters for whatever comes: they write what they can't read back as the same type.
    private static readonly HashSet<Type> Makeshifts =
    [
        typeof(DynamicObjectTypeFallbackFormatter), typeof(NonGenericListFormatter<>), typeof(NonGenericDictionaryFormatter<>),
        typeof(NonGenericInterfaceCollectionFormatter), typeof(NonGenericInterfaceEnumerableFormatter),
        typeof(NonGenericInterfaceListFormatter), typeof(NonGenericInterfaceDictionaryFormatter),
    ];

    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = CanHandle(typeof(T)) ? new MessagePackPayloadSerializer<T>(options) : null;
        return serializer is not null;
    }

    // The formatter of a collection is there whether or not that of its elements is.
    private bool CanHandle(Type type) => HasFormatter(type)
        && (!type.IsArray || CanHandle(type.GetElementType()!))
        && Array.TrueForAll(type.GetGenericArguments(), CanHandle);

    private bool HasFormatter(Type type)
    {
        try
        {
            return options.Resolver.GetFormatterDynamic(type)?.GetType() is { } formatter
                && !Makeshifts.Contains(formatter.IsGenericType ? formatter.GetGenericTypeDefinition() : formatter);
        }
        catch (TypeInitializationException fault)
        {
            // It is marked for MessagePack, and wrongly: JSON in its place would hide that.
            throw new InvalidOperationException($"MessagePack can't handle {type}. {fault.GetBaseException().Message}", fault);
        }
    }
}
