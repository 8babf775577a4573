namespace Larder.Inspection;

/// <summary>
/// Which keys are wanted: those of a pattern, in which <c>*</c> stands for any characters, also none, <c>?</c> for one, and every
/// other for itself; or those that begin alike.
/// </summary>
internal sealed class KeyPattern
{
    private readonly string _rest;

    private KeyPattern(string beginning, string rest) => (Beginning, _rest) = (beginning, rest);

    /// <summary>All keys.</summary>
    public static KeyPattern All { get; } = StartingWith(string.Empty);

    /// <summary>What all of them begin with.</summary>
    public string Beginning { get; }

    /// <summary>Whether it stands for one key alone, the <see cref="Beginning"/>.</summary>
    public bool IsKey => _rest.Length == 0;

    /// <summary>The keys that begin with a prefix, whose characters all stand for themselves.</summary>
    public static KeyPattern StartingWith(string prefix) => new(prefix, "*");

    /// <summary>The keys of a pattern.</summary>
    public static KeyPattern Parse(string pattern)
    {
        var literal = pattern.AsSpan().IndexOfAny('*', '?');
        return literal < 0 ? new(pattern, string.Empty) : new(pattern[..literal], pattern[literal..]);
    }

    /// <summary>Whether a key is one of those.</summary>
    public bool Matches(string key) => key.StartsWith(Beginning, StringComparison.Ordinal) && Matches(_rest, key.AsSpan(Beginning.Length));

    // A * takes nothing at first, and one character more each time when what follows it does not match; one that comes later has
    // as good a choice as all before it. The framework's matcher takes a backslash for an escape.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (at, star, taken) = (0, -1, 0);
        for (var i = 0; i < text.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, taken) = (at++, i);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == text[i]))
            {
                (at, i) = (at + 1, i + 1);
            }
            else if (star >= 0)
            {
                (at, i) = (star + 1, ++taken);
            }
            else
            {
                return false;
            }
        }

        return !pattern[at..].ContainsAnyExcept('*');
    }
}
