using System.Buffers;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Payloads;

/// <summary>Text as UTF-8. Half a surrogate pair has none: such a text is not cached rather than changed.</summary>
internal sealed class TextSerializer : IHybridCacheSerializer<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static TextSerializer Instance { get; } = new();

    public string Deserialize(ReadOnlySequence<byte> source) => Strict.GetString(source);

    public void Serialize(string value, IBufferWriter<byte> target) => Strict.GetBytes(value, target);
}
