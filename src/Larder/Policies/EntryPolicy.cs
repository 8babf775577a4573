using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Policies;

/// <summary>The options in force for one operation: the caller's, the cache's defaults for what those leave open, and Larder's own.</summary>
internal sealed record EntryPolicy
{
    private static readonly TimeSpan BuiltInExpiration = TimeSpan.FromMinutes(5);

    public required TimeSpan? Expiration { get; init; }

    public required TimeSpan? SlidingExpiration { get; init; }

    public required TimeSpan? LocalCacheExpiration { get; init; }

    public required HybridCacheEntryFlags Flags { get; init; }

    public required long? LocalSize { get; init; }

    public required bool ShareInstances { get; init; }

    public required bool CacheNull { get; init; }

    /// <summary>Composes the options; the most specific value that is set counts.</summary>
    /// <exception cref="ArgumentException">A value of <paramref name="options"/> is out of its range.</exception>
    public static EntryPolicy Compose(HybridCacheEntryOptions? options, LarderEntryOptions defaults)
    {
        var larder = options is null ? null : LarderEntryOptions.Behind(options);
        var sliding = larder?.SlidingExpiration ?? defaults.SlidingExpiration;
        return new EntryPolicy
        {
            // Someone who asks for sliding expiration alone wants the entry to live while it is read.
            Expiration = Positive(options?.Expiration, nameof(Expiration)) ?? defaults.Expiration ?? (sliding is null ? BuiltInExpiration : null),
            SlidingExpiration = Positive(sliding, nameof(SlidingExpiration)),
            LocalCacheExpiration = Positive(options?.LocalCacheExpiration, nameof(LocalCacheExpiration)) ?? defaults.LocalCacheExpiration,
            Flags = LarderEntryOptions.FlagsOf(options, defaults.Flags.GetValueOrDefault()),
            LocalSize = options?.LocalSize ?? defaults.LocalSize,
            ShareInstances = larder?.ShareInstances ?? defaults.ShareInstances ?? false,
            CacheNull = larder?.CacheNull ?? defaults.CacheNull ?? true,
        };
    }

    public bool Has(HybridCacheEntryFlags flag) => (Flags & flag) == flag;

    /// <summary>A context for a factory, which may change it.</summary>
    public HybridCacheEntryContext ToContext() => new(new HybridCacheEntryOptions
    {
        Expiration = Expiration,
        LocalCacheExpiration = LocalCacheExpiration,
        Flags = Flags,
        LocalSize = LocalSize,
    });

    /// <summary>The policy after a factory changed its context. Where it unset a value, the one that was in force stays.</summary>
    public EntryPolicy With(HybridCacheEntryContext context) => this with
    {
        Expiration = Positive(context.Expiration, nameof(Expiration)) ?? Expiration,
        LocalCacheExpiration = Positive(context.LocalCacheExpiration, nameof(LocalCacheExpiration)) ?? LocalCacheExpiration,
        Flags = context.Flags ?? Flags,
        LocalSize = context.LocalSize ?? LocalSize,
    };

    private static TimeSpan? Positive(TimeSpan? value, string name) => value <= TimeSpan.Zero
        ? throw new ArgumentException($"{name} was {value}; it may be more than 00:00:00, or not set.", nameof(value))
        : value;
}
