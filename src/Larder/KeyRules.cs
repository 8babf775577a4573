namespace Larder;

/// <summary>Which keys and tags are accepted.</summary>
internal static class KeyRules
{
    /// <summary>The prefix of what a store keeps for itself.</summary>
    public const string Reserved = "larder:";

    /// <summary>Checks a key.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, reserved, or no valid Unicode text.</exception>
    public static void CheckKey(string key, int maximumLength)
    {
        ArgumentNullException.ThrowIfNull(key);
        Check(key, maximumLength, nameof(key));
        if (key.StartsWith(Reserved, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The key begins with '{Reserved}', which is reserved for the cache's own records.", nameof(key));
        }
    }

    /// <summary>Checks a pattern of keys.</summary>
    /// <exception cref="ArgumentException">It is empty, longer than a key may be, or no valid Unicode text.</exception>
    public static void CheckPattern(string pattern, int maximumLength)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Check(pattern, maximumLength, nameof(pattern));
    }

    /// <summary>Checks tags and makes an array of them; <see langword="null"/> for none.</summary>
    /// <exception cref="ArgumentException">One of them is null, empty, too long, reserved, <c>*</c>, or no valid Unicode text.</exception>
    public static string[]? CheckEntryTags(IEnumerable<string>? tags, int maximumLength)
    {
        if (CheckTags(tags, maximumLength) is not { Length: > 0 } all)
        {
            return null;
        }

        return Array.IndexOf(all, Tags.TagClock.All) < 0
            ? all
            : throw new ArgumentException("An entry's tag was '*', which stands for every entry and can't be given to one.", nameof(tags));
    }

    /// <summary>Checks tags and makes an array of them without repetition.</summary>
    /// <exception cref="ArgumentException">One of them is null, empty, too long, reserved, or no valid Unicode text.</exception>
    public static string[] CheckTags(IEnumerable<string>? tags, int maximumLength)
    {
        if (tags is null)
        {
            return [];
        }

        string[] all = [.. tags.Distinct(StringComparer.Ordinal)];
        foreach (var tag in all)
        {
            if (tag is null)
            {
                throw new ArgumentException("A tag was null; tags are texts of at least one character.", nameof(tags));
            }

            Check(tag, maximumLength, nameof(tags));
            if (tag.StartsWith(Reserved, StringComparison.Ordinal))
            {
                throw new ArgumentException($"A tag begins with '{Reserved}', which is reserved for the cache's own records.", nameof(tags));
            }
        }

        return all;
    }

    private static void Check(string text, int maximumLength, string name)
    {
        var what = name == "tags" ? "tag" : name;
        if (text.Length == 0)
        {
            throw new ArgumentException($"A {what} was empty; it has at least one character.", name);
        }

        if (text.Length > maximumLength)
        {
            throw new ArgumentException(
                $"A {what} has {text.Length} characters; it may have {maximumLength} (the setting {nameof(LarderOptions.MaximumKeyLength)}).", name);
        }

        // Half a surrogate pair has no UTF-8: two such keys would become one in L2.
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    throw new ArgumentException($"A {what} is no valid Unicode text: half a surrogate pair at position {i}.", name);
                }

                i++;
            }
        }
    }
}
