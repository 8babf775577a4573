using System.Globalization;
using System.Text;

namespace Larder.Dashboard.Values;

/// <summary>Bytes as a person reads them: offset, 16 bytes, and what of them is printable.</summary>
internal static class HexView
{
    private const int LineLength = 78;

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(((bytes.Length / 16) + 1) * LineLength);
        for (var offset = 0; offset < bytes.Length; offset += 16)
        {
            var line = bytes.Slice(offset, Math.Min(16, bytes.Length - offset));
            text.Append(CultureInfo.InvariantCulture, $"{offset:x8}  ");
            for (var i = 0; i < 16; i++)
            {
                _ = i < line.Length ? text.Append(CultureInfo.InvariantCulture, $"{line[i]:x2} ") : text.Append("   ");
            }

            text.Append(' ');
            foreach (var b in line)
            {
                text.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
