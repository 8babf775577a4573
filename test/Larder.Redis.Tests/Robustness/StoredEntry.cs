namespace Larder.Redis.Tests.Robustness;

/// <summary>Whether an entry may be served.</summary>
internal enum Fate
{
    /// <summary>It may.</summary>
    Alive,

    /// <summary>It was made to expire, and is kept for fail-safe.</summary>
    Expired,

    /// <summary>Its absolute deadline has passed.</summary>
    Past,

    /// <summary>One of its tags was invalidated.</summary>
    Tagged,

    /// <summary>The cache was cleared.</summary>
    Cleared,
}

/// <summary>An entry as a cache has written it.</summary>
/// <param name="Kind">What the cache does to payloads.</param>
/// <param name="Key">The key, without the cache's prefix.</param>
/// <param name="Value">The value.</param>
/// <param name="Fate">Whether it may be served.</param>
/// <param name="Life">How long it lives if nobody reads it; <see langword="null"/> for ever.</param>
/// <param name="Hash">What is stored.</param>
internal sealed record StoredEntry(PackingKind Kind, string Key, string Value, Fate Fate, TimeSpan? Life, IReadOnlyDictionary<string, byte[]> Hash)
{
    /// <summary>Another program may write it over in place: it has no checksum.</summary>
    public bool IsUnverified { get; init; }

    /// <summary>Passed by one case at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>What may be wrong with the value of a hit; <see langword="null"/> for nothing.</summary>
    public string? Fault(IReadOnlyDictionary<string, byte[]> damaged, CacheResult<string> hit)
    {
        if (!damaged.ContainsKey("data"))
        {
            return "there is no value";
        }

        // As RedisCache writes them: there is nothing to tell by that somebody else did.
        if (damaged.Keys.All(static field => field is "data" or "absexp" or "sldexp"))
        {
            return Kind == PackingKind.Encrypted ? FaultOfValue(hit.Value) : null;
        }

        if (Fate != Fate.Alive)
        {
            return $"it is {Fate}";
        }

        if (IsUnverified)
        {
            return damaged["data"].AsSpan().SequenceEqual(Hash["data"]) ? FaultOfValue(hit.Value) : null;
        }

        return FaultOfValue(hit.Value) ?? (Life is { } life && !(hit.ExpiresIn <= life) ? $"it lives for {hit.ExpiresIn?.ToString() ?? "ever"}, not {life}" : null);
    }

    /// <summary>What may be wrong with a value that is served where the factory failed; <see langword="null"/> for nothing.</summary>
    public string? FaultOfFallback(IReadOnlyDictionary<string, byte[]> damaged, string value) => Fate == Fate.Expired
        ? FaultOfValue(value)
        : Fault(damaged, new CacheResult<string> { Value = value, Level = CacheLevel.L2, ExpiresIn = TimeSpan.Zero });

    private string? FaultOfValue(string? value) => value == Value ? null : $"it is '{value}', not '{Value}'";
}

/// <summary>What a cache does to its payloads.</summary>
internal enum PackingKind
{
    Plain,
    Compressed,
    Encrypted,
}
