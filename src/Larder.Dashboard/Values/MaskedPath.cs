using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Larder.Dashboard.Values;

/// <summary>
/// A path into JSON, in the part of RFC 9535 that a mask needs: <c>$.a.b</c>, <c>$['a b']</c>, <c>$.a[0]</c>, <c>$.a[*]</c>,
/// <c>$.*</c>, <c>$..a</c>.
/// </summary>
internal sealed class MaskedPath
{
    private readonly Part[] _parts;

    private MaskedPath(Part[] parts) => _parts = parts;

    private enum PartKind
    {
        Name,
        Index,
        Any,
        AnyDepth,
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out MaskedPath? path)
    {
        var parts = new List<Part>();
        var rest = text.AsSpan().Trim();
        path = null;
        if (rest.IsEmpty || rest[0] != '$')
        {
            return false;
        }

        rest = rest[1..];
        while (!rest.IsEmpty)
        {
            if (!TakePart(ref rest, parts))
            {
                return false;
            }
        }

        if (parts.Count == 0)
        {
            return false;
        }

        path = new MaskedPath([.. parts]);
        return true;
    }

    /// <summary>Whether it leads to a place.</summary>
    /// <param name="place">The names and indexes from the root to the place.</param>
    public bool Matches(ReadOnlySpan<JsonStep> place) => Matches(_parts, place);

    private static bool Matches(ReadOnlySpan<Part> parts, ReadOnlySpan<JsonStep> place)
    {
        if (parts.IsEmpty)
        {
            return place.IsEmpty;
        }

        if (parts[0].Kind == PartKind.AnyDepth)
        {
            for (var skipped = 0; skipped <= place.Length; skipped++)
            {
                if (Matches(parts[1..], place[skipped..]))
                {
                    return true;
                }
            }

            return false;
        }

        return !place.IsEmpty && parts[0].Fits(place[0]) && Matches(parts[1..], place[1..]);
    }

    private static bool TakePart(ref ReadOnlySpan<char> rest, List<Part> parts)
    {
        if (rest.StartsWith(".."))
        {
            parts.Add(new(PartKind.AnyDepth));
            rest = rest[2..];
            return !rest.IsEmpty && rest[0] != '.' && (rest[0] == '[' || TakeName(ref rest, parts));
        }

        if (rest[0] == '.')
        {
            rest = rest[1..];
            return TakeName(ref rest, parts);
        }

        return rest[0] == '[' && TakeBracket(ref rest, parts);
    }

    private static bool TakeName(ref ReadOnlySpan<char> rest, List<Part> parts)
    {
        var length = rest.IndexOfAny('.', '[');
        var name = length < 0 ? rest : rest[..length];
        rest = rest[name.Length..];
        parts.Add(name is "*" ? new(PartKind.Any) : new(PartKind.Name, Name: name.ToString()));
        return !name.IsEmpty && !name.Contains(']');
    }

    private static bool TakeBracket(ref ReadOnlySpan<char> rest, List<Part> parts)
    {
        if (rest.Length > 2 && rest[1] is '\'' or '"')
        {
            var end = rest[2..].IndexOf(rest[1]);
            if (end < 0 || !rest[(end + 3)..].StartsWith("]"))
            {
                return false;
            }

            parts.Add(new(PartKind.Name, Name: rest.Slice(2, end).ToString()));
            rest = rest[(end + 4)..];
            return true;
        }

        var close = rest.IndexOf(']');
        if (close < 0)
        {
            return false;
        }

        var inside = rest[1..close].Trim();
        rest = rest[(close + 1)..];
        if (inside is "*")
        {
            parts.Add(new(PartKind.Any));
            return true;
        }

        parts.Add(new(PartKind.Index, Index: int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1));
        return parts[^1].Index >= 0;
    }

    private readonly record struct Part(PartKind Kind, string? Name = null, int Index = 0)
    {
        // Without regard to case: a mask that misses is worse than one that hits too much.
        public bool Fits(JsonStep step) => Kind switch
        {
            PartKind.Name => string.Equals(Name, step.Name, StringComparison.OrdinalIgnoreCase),
            PartKind.Index => step.Name is null && step.Index == Index,
            _ => true,
        };
    }
}

/// <summary>A step into JSON: a property's name or, if there is none, an index.</summary>
internal readonly record struct JsonStep(string? Name, int Index);
