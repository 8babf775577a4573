using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Payloads;

/// <summary>
/// The serializers of one cache, found as <see cref="HybridCache"/> finds them: a registered
/// <see cref="IHybridCacheSerializer{T}"/>; else text and bytes as they are; else the last registered
/// <see cref="IHybridCacheSerializerFactory"/> that takes the type; else System.Text.Json. Services keyed by
/// the cache's name, which is empty for the default cache, come first.
/// </summary>
internal sealed class PayloadSerializers(IServiceProvider services, string cacheName)
{
    private readonly ConcurrentDictionary<Type, object> _codecs = new();

    public PayloadCodec<T> CodecFor<T>() => _codecs.TryGetValue(typeof(T), out var codec)
        ? (PayloadCodec<T>)codec
        : (PayloadCodec<T>)_codecs.GetOrAdd(typeof(T), static (_, all) => new PayloadCodec<T>(all.Find<T>()), this);

    private IHybridCacheSerializer<T> Find<T>() =>
        Keyed<IHybridCacheSerializer<T>>()
        ?? services.GetService<IHybridCacheSerializer<T>>()
        ?? BuiltIn<T>()
        ?? FromFactories<T>()
        ?? new JsonPayloadSerializer<T>(JsonOptions<T>());

    private IHybridCacheSerializer<T>? FromFactories<T>()
    {
        var keyed = services.GetKeyedServices<IHybridCacheSerializerFactory>(cacheName);
        foreach (var factory in services.GetServices<IHybridCacheSerializerFactory>().Concat(keyed).Reverse())
        {
            if (factory.TryCreateSerializer<T>(out var serializer))
            {
                return serializer;
            }
        }

        return null;
    }

    private static IHybridCacheSerializer<T>? BuiltIn<T>() =>
        typeof(T) == typeof(string) ? (IHybridCacheSerializer<T>)(object)TextSerializer.Instance
        : typeof(T) == typeof(byte[]) ? (IHybridCacheSerializer<T>)(object)BytesSerializer.Instance
        : null;

    private JsonSerializerOptions JsonOptions<T>() =>
        Json(typeof(IHybridCacheSerializer<T>)) ?? Json(typeof(IHybridCacheSerializer<>)) ?? JsonPayload.DefaultOptions;

    // The keys are those of HybridCache, so that an app that comes from it keeps its registrations.
    private JsonSerializerOptions? Json(Type key) => services is IKeyedServiceProvider && services.GetKeyedService<JsonSerializerOptions>(key) is { } options
        ? JsonPayload.Complete(options)
        : null;

    private TService? Keyed<TService>()
        where TService : class =>
        services.GetKeyedService<TService>(cacheName);
}
