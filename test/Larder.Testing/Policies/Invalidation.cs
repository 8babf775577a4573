namespace Larder.Testing.Policies;

/// <summary>The invalidations of the freshness contract; each beats every policy.</summary>
public enum Invalidation
{
    /// <summary>By its key.</summary>
    Remove,

    /// <summary>By another value.</summary>
    Set,

    /// <summary>By its key; fail-safe may go on with it.</summary>
    Expire,

    /// <summary>By its tag.</summary>
    RemoveByTag,

    /// <summary>With everything else.</summary>
    Clear,

    /// <summary>By its tag; fail-safe may go on with it.</summary>
    ExpireByTag,
}

/// <summary>What the tests invalidate, and what that leaves.</summary>
public static class InvalidationKinds
{
    /// <summary>The tag of the entries that are invalidated.</summary>
    public const string Tag = "t";

    /// <summary>What <see cref="Invalidation.Set"/> sets.</summary>
    public const string SetValue = "set";

    /// <summary>Invalidates a key that has the tag <see cref="Tag"/>.</summary>
    public static ValueTask InvalidateAsync(this LarderCache cache, Invalidation invalidation, string key) => invalidation switch
    {
        Invalidation.Remove => cache.RemoveAsync(key),
        Invalidation.Set => cache.SetAsync(key, SetValue),
        Invalidation.Expire => cache.ExpireAsync(key),
        Invalidation.RemoveByTag => cache.RemoveByTagAsync(Tag),
        Invalidation.Clear => cache.ClearAsync(),
        Invalidation.ExpireByTag => cache.ExpireByTagAsync(Tag),
        _ => throw new ArgumentOutOfRangeException(nameof(invalidation)),
    };

    /// <summary>Whether fail-safe may go on with what was there.</summary>
    public static bool IsExpiry(this Invalidation invalidation) => invalidation is Invalidation.Expire or Invalidation.ExpireByTag;

    /// <summary>What a reader may find after it; <see langword="null"/> for nothing.</summary>
    public static string? Leaves(this Invalidation invalidation) => invalidation == Invalidation.Set ? SetValue : null;
}
