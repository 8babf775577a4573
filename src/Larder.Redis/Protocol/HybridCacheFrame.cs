using System.Buffers.Binary;

namespace Larder.Redis.Protocol;

/// <summary>
/// What Microsoft's HybridCache stores through <c>RedisCache</c>: its two-byte mark (0x03 and the format's version), two random
/// bytes, the moment of writing in ticks, lengths, key and tags, then the value and the mark again.
/// </summary>
internal static class HybridCacheFrame
{
    // Mark, random bytes, moment, five lengths of one byte or more, the mark.
    private const int ShortestLength = 2 + 2 + sizeof(long) + 5 + 2;
    private const byte Mark = 0x03;

    private static readonly long Earliest = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private static readonly long Latest = new DateTime(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    /// <summary>
    /// Whether these bytes are one. A serializer of the app might read it as a value, and bytes would be taken for the value
    /// itself; and which of its tags were removed only a HybridCache knows.
    /// </summary>
    public static bool Is(ReadOnlySpan<byte> data) =>
        data.Length >= ShortestLength
        && data[0] == Mark
        && data[1] is (1 or 2)
        && data[^2..].SequenceEqual(data[..2])
        && BinaryPrimitives.ReadInt64LittleEndian(data[4..]) is var ticks
        && ticks > Earliest
        && ticks < Latest;
}
