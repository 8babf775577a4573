using System.Globalization;
using System.Numerics;
using System.Text;

namespace Larder.Attributes.Templates;

/// <summary>
/// Values as they stand in keys. Different values of a type have different texts, and none contains what
/// <see cref="Separates"/>, so that they can't run into one another.
/// </summary>
internal static class ValueText
{
    // No escaped text: what follows its '%' is no digit.
    private const string Null = "%null";

    private static readonly HashSet<Type> Types =
    [
        typeof(string), typeof(char), typeof(bool), typeof(Guid),
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(nint), typeof(nuint), typeof(BigInteger),
        typeof(Half), typeof(float), typeof(double), typeof(decimal),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
    ];

    /// <summary>Whether values of a type can stand in a key.</summary>
    public static bool Has(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var own && (own.IsEnum || Types.Contains(own));

    /// <summary>Whether a character stands in no text of a value.</summary>
    public static bool Separates(char c) => char.IsAscii(c) && !IsPlain(c) && c != '%';

    public static void Append(StringBuilder text, object? value)
    {
        if (value is null)
        {
            text.Append(Null);
            return;
        }

        foreach (var c in TextOf(value))
        {
            // What is no valid Unicode stays so, and is refused as a key: replaced, two such texts would be one.
            if (IsPlain(c) || !char.IsAscii(c))
            {
                text.Append(c);
            }
            else
            {
                text.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            }
        }
    }

    // A date with its kind or offset, and to its last tick.
    private static string TextOf(object value) => value switch
    {
        string text => text,
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_';
}
