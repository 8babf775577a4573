using System.Globalization;
using System.Text;
using Larder.Stores;

namespace Larder.Redis.Protocol;

/// <summary>
/// The field <c>clk</c> of an entry: <c>generation:number:checksum:seal</c>. The first two are the tag stamp; the checksum is the
/// writer's (<see cref="EntryChecksum"/>), and begins with <c>-</c> where another program may write the entry over in place; the seal
/// is the server's copy of what only it knows (<c>seal.lua</c>).
/// </summary>
/// <param name="Stamp">The tag stamp.</param>
/// <param name="Checksum">The checksum.</param>
/// <param name="IsUnverified">Whether that is not over the value and the times.</param>
internal readonly record struct ClockField(TagStamp Stamp, ulong Checksum, bool IsUnverified)
{
    // Almost every entry is of the generation of the one before it: one text does for all of them.
    private static string s_lastGeneration = string.Empty;

    /// <summary>The field without its seal, as the scripts are told.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{TextOf(Stamp)}:{(IsUnverified ? "-" : string.Empty)}{Checksum:x16}");

    /// <summary>The stamp as it is part of the field, and of the checksum.</summary>
    public static string TextOf(TagStamp stamp) => string.Create(CultureInfo.InvariantCulture, $"{stamp.Generation}:{stamp.Number}");

    /// <summary>Reads the field, whatever is in it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="clock">What it says.</param>
    /// <param name="stampText">The stamp as the writer put it into the checksum.</param>
    /// <param name="seal">Its last part.</param>
    public static bool TryParse(ReadOnlySpan<byte> field, out ClockField clock, out ReadOnlySpan<byte> stampText, out ReadOnlySpan<byte> seal)
    {
        clock = default;
        stampText = default;
        seal = field;
        var generation = Next(ref seal);
        var digits = Next(ref seal);
        var checksum = Next(ref seal);
        var isUnverified = checksum.StartsWith((byte)'-');
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !ulong.TryParse(isUnverified ? checksum[1..] : checksum, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum))
        {
            return false;
        }

        // Who writes before it knows the tag clock has no generation.
        stampText = field[..(generation.Length + 1 + digits.Length)];
        clock = new(new TagStamp(generation.IsEmpty ? null : Generation(generation), number), sum, isUnverified);
        return true;
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
