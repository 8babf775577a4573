using System.Buffers;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Payloads;

/// <summary>
/// Turns values of one type into payloads and back. JSON says null by itself; for any other serializer a null is a marker of
/// its own, and a value whose payload happens to begin with the marker gets another in front. All other payloads are what the
/// serializer wrote, to the byte, so that other programs can read them.
/// </summary>
internal sealed class PayloadCodec<T>(IHybridCacheSerializer<T> serializer)
{
    private const int LargestKept = 1 << 20;
    private const byte Escaped = 1;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    private readonly bool _isJson = serializer is JsonPayloadSerializer<T>;

    private static ReadOnlySpan<byte> Marker => "\0larder:null"u8;

    public ReadOnlyMemory<byte> Encode(T value)
    {
        if (value is null && !_isJson)
        {
            return Marker.ToArray();
        }

        var buffer = t_buffer ?? new ArrayBufferWriter<byte>(1024);
        t_buffer = null; // A serializer may serialize something else on the way, with a buffer of its own.
        serializer.Serialize(value, buffer);
        var written = buffer.WrittenSpan;
        byte[] payload = !_isJson && written.StartsWith(Marker) ? [.. Marker, Escaped, .. written] : written.ToArray();
        if (buffer.Capacity <= LargestKept)
        {
            buffer.ResetWrittenCount();
            t_buffer = buffer;
        }

        return payload;
    }

    public T Decode(ReadOnlyMemory<byte> payload)
    {
        if (!_isJson && payload.Span.StartsWith(Marker))
        {
            if (payload.Length == Marker.Length)
            {
                return default!;
            }

            if (payload.Span[Marker.Length] == Escaped)
            {
                payload = payload[(Marker.Length + 1)..];
            }
        }

        return serializer.Deserialize(new ReadOnlySequence<byte>(payload));
    }
}
