using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Newtonsoft.Json;

namespace Larder.NewtonsoftJson;

/// <summary>Newtonsoft.Json, as UTF-8.</summary>
internal sealed class NewtonsoftJsonPayloadSerializer<T>(JsonSerializer json) : IHybridCacheSerializer<T>
{
    private const int TextBuffer = 1024;

    // Half a surrogate pair would become another text: an exception says so.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public T Deserialize(ReadOnlySequence<byte> source)
    {
        using var text = new StreamReader(StreamOf(source), Utf8, detectEncodingFromByteOrderMarks: false, TextBuffer);
        using var reader = new JsonTextReader(text);

        // An empty text is no error to the library, and neither is what comes after the value.
        if (!reader.Read())
        {
            throw new JsonSerializationException("The payload was empty.");
        }

        var value = json.Deserialize<T>(reader);
        return reader.Read() ? throw new JsonSerializationException("The payload goes on after the value.") : value!;
    }

    public void Serialize(T value, IBufferWriter<byte> target)
    {
        using var text = new StreamWriter(new BufferStream(target), Utf8, TextBuffer);
        json.Serialize(text, value, typeof(T));
    }

    private static MemoryStream StreamOf(ReadOnlySequence<byte> source) =>
        source.IsSingleSegment && MemoryMarshal.TryGetArray(source.First, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(source.ToArray(), writable: false);
}
