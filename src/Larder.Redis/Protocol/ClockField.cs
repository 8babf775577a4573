using System.Globalization;
using System.Text;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// The field <c>clk</c> of an entry: <c>generation:number:checksum:seal</c>. The first two are the tag stamp; the checksum
/// is the writer's, over what it gave, and <c>-</c> where another program may write the entry over in place; the seal is the
/// server's, over the key, all that stands before it, and the entry's version and times.
/// </summary>
/// <param name="Stamp">The tag stamp.</param>
/// <param name="Checksum">The checksum; <see langword="null"/> for an entry that has none.</param>
internal readonly record struct ClockField(TagStamp Stamp, ulong? Checksum)
{
    /// <summary>The field without its seal, as the scripts are told.</summary>
    public override string ToString() => Checksum is { } sum
        ? string.Create(CultureInfo.InvariantCulture, $"{TextOf(Stamp)}:{sum:x16}")
        : TextOf(Stamp) + ":-";

    /// <summary>The stamp as it is part of the field, and of the checksum.</summary>
    public static string TextOf(TagStamp stamp) => string.Create(CultureInfo.InvariantCulture, $"{stamp.Generation}:{stamp.Number}");

    /// <summary>Reads the field, whatever is in it; its seal is another question.</summary>
    public static bool TryParse(RedisValue field, out ClockField clock)
    {
        clock = default;
        var rest = ((ReadOnlyMemory<byte>)field).Span;
        var generation = Next(ref rest);
        if (!long.TryParse(Next(ref rest), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        // Who writes before it knows the tag clock has no generation.
        var stamp = new TagStamp(generation.IsEmpty ? null : Encoding.UTF8.GetString(generation), number);
        var checksum = Next(ref rest);
        if (checksum.SequenceEqual("-"u8))
        {
            clock = new(stamp, null);
            return true;
        }

        var isSum = ulong.TryParse(checksum, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum);
        clock = new(stamp, sum);
        return isSum;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        var colon = rest.IndexOf((byte)':');
        var part = colon < 0 ? rest : rest[..colon];
        rest = colon < 0 ? [] : rest[(colon + 1)..];
        return part;
    }
}
