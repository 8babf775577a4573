using System.IO.Enumeration;

namespace Larder.Inspection;

/// <summary>A pattern of keys: <c>*</c> stands for any characters, <c>?</c> for one.</summary>
internal static class KeyPattern
{
    /// <summary>The pattern of all keys.</summary>
    public const string All = "*";

    /// <summary>Whether it stands for one key alone.</summary>
    public static bool IsKey(string pattern) => !pattern.AsSpan().ContainsAny('*', '?');

    /// <summary>Whether a key is one of those.</summary>
    public static bool Matches(string pattern, string key) =>
        pattern == All
        // The framework's matcher takes a backslash for an escape; to a key it is a character.
        || FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), key, ignoreCase: false);
}
