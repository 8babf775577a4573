using Larder;
using Larder.NewtonsoftJson;
using Microsoft.Extensions.Caching.Hybrid;
using Newtonsoft.Json;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes Newtonsoft.Json the serializer of a cache.</summary>
public static class LarderNewtonsoftJsonExtensions
{
    /// <summary>
    /// Serializes all types but text and bytes by Newtonsoft.Json, with its attributes and converters. Payloads stay JSON: what
    /// both it and System.Text.Json write in the same way, either reads.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="settings">
    /// Newtonsoft.Json's settings; by default its own (<c>JsonConvert.DefaultSettings</c> do not count). With a
    /// <see cref="JsonSerializerSettings.TypeNameHandling"/>, who can write to the store chooses the types that are made:
    /// encrypt, or bind them.
    /// </param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseNewtonsoftJson(this ILarderBuilder builder, JsonSerializerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<IHybridCacheSerializerFactory>(
            builder.Name, new NewtonsoftJsonPayloadSerializerFactory(JsonSerializer.Create(settings)));
        return builder;
    }
}
