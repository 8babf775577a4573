namespace Larder;

/// <summary>The answer of <c>LarderCache.TryGetAsync</c>.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly record struct CacheResult<T>
{
    /// <summary>
    /// Whether there was a valid entry; a cached <see langword="null"/> counts, and so does one that has expired, where the caller
    /// wants it (<see cref="LarderEntryOptions.ReadExpired"/>).
    /// </summary>
    public bool Found => Level != CacheLevel.None;

    /// <summary>The value; the type's default if nothing was found.</summary>
    public T? Value { get; init; }

    /// <summary>Where it was found.</summary>
    public CacheLevel Level { get; init; }

    /// <summary>Whether it has expired.</summary>
    public bool IsExpired { get; init; }

    /// <summary>The time since it was written; <see langword="null"/> if unknown (another program than Larder wrote it).</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>
    /// The time until it expires if nobody reads it any more; <see langword="null"/> if it never does.
    /// A sliding entry's is its sliding expiration, or what its absolute deadline leaves of it; an expired one's is zero.
    /// </summary>
    public TimeSpan? ExpiresIn { get; init; }
}

/// <summary>Where a value was found.</summary>
public enum CacheLevel
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>In this process's memory.</summary>
    L1,

    /// <summary>In the store.</summary>
    L2,
}
