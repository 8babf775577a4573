using System.Globalization;
using System.Text;
using Larder.Stores;

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
    // Almost every entry is of the generation of the one before it: one text does for all of them.
    private static string s_lastGeneration = string.Empty;

    /// <summary>The field without its seal, as the scripts are told.</summary>
    public override string ToString() => Checksum is { } sum
        ? string.Create(CultureInfo.InvariantCulture, $"{TextOf(Stamp)}:{sum:x16}")
        : TextOf(Stamp) + ":-";

    /// <summary>The stamp as it is part of the field, and of the checksum.</summary>
    public static string TextOf(TagStamp stamp) => string.Create(CultureInfo.InvariantCulture, $"{stamp.Generation}:{stamp.Number}");

    /// <summary>Reads the field, whatever is in it; its seal is another question.</summary>
    /// <param name="field">The field.</param>
    /// <param name="clock">What it says.</param>
    /// <param name="stampText">The stamp as the writer put it into the checksum.</param>
    public static bool TryParse(ReadOnlySpan<byte> field, out ClockField clock, out ReadOnlySpan<byte> stampText)
    {
        clock = default;
        stampText = default;
        var rest = field;
        var generation = Next(ref rest);
        var digits = Next(ref rest);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        // Who writes before it knows the tag clock has no generation.
        stampText = field[..(generation.Length + 1 + digits.Length)];
        var stamp = new TagStamp(generation.IsEmpty ? null : Generation(generation), number);
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

    private static string Generation(ReadOnlySpan<byte> text)
    {
        var last = Volatile.Read(ref s_lastGeneration);
        if (!Ascii.Equals(text, last))
        {
            last = Encoding.UTF8.GetString(text);
            Volatile.Write(ref s_lastGeneration, last);
        }

        return last;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        var colon = rest.IndexOf((byte)':');
        var part = colon < 0 ? rest : rest[..colon];
        rest = colon < 0 ? [] : rest[(colon + 1)..];
        return part;
    }
}
