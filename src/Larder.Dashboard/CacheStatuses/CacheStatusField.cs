using System.Globalization;
using System.Text;
using Larder.Inspection;

namespace Larder.Dashboard.CacheStatuses;

/// <summary>Writes answers of caches as a list of RFC 9211, in the syntax of RFC 9651.</summary>
internal static class CacheStatusField
{
    private const int LongestKey = 256;

    public static string Of(IReadOnlyList<CacheStatus> answers, bool includeKeys)
    {
        var text = new StringBuilder();
        foreach (var answer in answers)
        {
            _ = text.Length > 0 ? text.Append(", ") : text;
            Append(text, answer, includeKeys);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, in CacheStatus answer, bool includeKeys)
    {
        AppendName(text, answer.CacheName);
        text.Append(answer.Level == CacheLevel.None && !answer.IsStale ? "; fwd=miss" : "; hit");
        if (answer.ExpiresIn is { } left)
        {
            // Seconds; negative for what has expired.
            text.Append(CultureInfo.InvariantCulture, $"; ttl={(long)Math.Clamp(Math.Floor(left.TotalSeconds), -999_999_999, 999_999_999)}");
        }

        if (includeKeys && answer.Key.Length <= LongestKey && IsPrintable(answer.Key))
        {
            AppendString(text.Append("; key="), answer.Key);
        }

        text.Append(answer switch
        {
            { IsStale: true } => "; detail=stale",
            { Level: CacheLevel.L1 } => "; detail=L1",
            { Level: CacheLevel.L2 } => "; detail=L2",
            _ => "",
        });
    }

    private static void AppendName(StringBuilder text, string name)
    {
        if (name.Length == 0)
        {
            text.Append("Larder");
        }
        else if (name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            text.Append("Larder/").Append(name);
        }
        else
        {
            AppendString(text, "Larder/" + string.Concat(name.Select(static c => IsPrintable(c) ? c : '?')));
        }
    }

    private static void AppendString(StringBuilder text, string value) =>
        text.Append('"').Append(value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');

    private static bool IsPrintable(string text) => text.All(IsPrintable);

    private static bool IsPrintable(char c) => c is >= ' ' and < '\x7f';
}
