using System.Diagnostics.CodeAnalysis;

namespace Larder.Tags;

/// <summary>
/// The name under which a tag's expiries are recorded. To a store it is one more tag: both kinds of invalidation are counted
/// by one clock, in one record each, and told by the same messages.
/// </summary>
internal static class ExpiryTag
{
    private const string Prefix = KeyRules.Reserved + "expired:";

    public static string Of(string tag) => Prefix + tag;

    /// <summary>Whether a name is that of a tag's expiries.</summary>
    public static bool Is(string name, [NotNullWhen(true)] out string? tag)
    {
        tag = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null;
        return tag is not null;
    }
}
