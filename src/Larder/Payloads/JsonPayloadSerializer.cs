using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Payloads;

/// <summary>System.Text.Json, through type information, so that source-generated contexts serve.</summary>
internal sealed class JsonPayloadSerializer<T>(JsonSerializerOptions options) : IHybridCacheSerializer<T>
{
    private readonly JsonTypeInfo<T> _type = TypeInfo(options);

    public T Deserialize(ReadOnlySequence<byte> source)
    {
        var reader = new Utf8JsonReader(source, new JsonReaderOptions
        {
            AllowTrailingCommas = options.AllowTrailingCommas,
            CommentHandling = options.ReadCommentHandling,
            MaxDepth = options.MaxDepth,
        });
        var value = JsonSerializer.Deserialize(ref reader, _type)!;
        return reader.BytesConsumed == source.Length || !reader.Read() ? value : throw new JsonException("The payload goes on after the value.");
    }

    public void Serialize(T value, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions
        {
            Encoder = options.Encoder,
            Indented = options.WriteIndented,
            MaxDepth = options.MaxDepth,
            SkipValidation = true,
        });
        JsonSerializer.Serialize(writer, value, _type);
    }

    private static JsonTypeInfo<T> TypeInfo(JsonSerializerOptions options)
    {
        try
        {
            return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        }
        catch (NotSupportedException fault)
        {
            throw new InvalidOperationException(
                $"{typeof(T)} has no JSON type information. Register a JsonSerializerOptions with a JsonSerializerContext for it as a " +
                "keyed service, with the key typeof(IHybridCacheSerializer<>), or an IHybridCacheSerializer for the type.",
                fault);
        }
    }
}
