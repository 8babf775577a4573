using System.Globalization;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;

namespace Larder.Policies;

/// <summary>The options in force for one operation: the caller's, the cache's defaults for what those leave open, and Larder's own.</summary>
internal sealed record EntryPolicy
{
    private static readonly TimeSpan BuiltInExpiration = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BuiltInThrottle = TimeSpan.FromSeconds(30);

    public required TimeSpan? Expiration { get; init; }

    public required TimeSpan? SlidingExpiration { get; init; }

    public required TimeSpan? LocalCacheExpiration { get; init; }

    public required HybridCacheEntryFlags Flags { get; init; }

    public required long? LocalSize { get; init; }

    public required CacheItemPriority LocalPriority { get; init; }

    public required bool ShareInstances { get; init; }

    public required bool CacheNull { get; init; }

    public required TimeSpan? NullExpiration { get; init; }

    public required TimeSpan Jitter { get; init; }

    public required double? EagerRefresh { get; init; }

    /// <summary>For how long an entry is kept past its expiration; <see langword="null"/> where fail-safe is off.</summary>
    public required TimeSpan? Retention { get; init; }

    public required TimeSpan Throttle { get; init; }

    public required FailSafeDefault? Default { get; init; }

    public required TimeSpan? SoftTimeout { get; init; }

    public required TimeSpan? HardTimeout { get; init; }

    public required bool ReadsExpired { get; init; }

    public required bool CommitsInBackground { get; init; }

    public required bool InvalidatesInBackground { get; init; }

    /// <summary>Whether a caller may get an answer before the factory has made one.</summary>
    public bool HasTimeouts => SoftTimeout is not null || HardTimeout is not null;

    /// <summary>Whether a caller may get an answer before its load is over.</summary>
    public bool AnswersEarly => HasTimeouts || CommitsInBackground;

    /// <summary>Composes the options; the most specific value that is set counts.</summary>
    /// <exception cref="ArgumentException">A value of <paramref name="options"/> is out of its range.</exception>
    public static EntryPolicy Compose(HybridCacheEntryOptions? options, LarderEntryOptions defaults) => options switch
    {
        null => Compose(new LarderEntryOptions(), defaults),
        _ when LarderEntryOptions.Behind(options) is { } larder => Compose(larder, defaults),
        _ => Compose(
            new LarderEntryOptions
            {
                Expiration = options.Expiration,
                LocalCacheExpiration = options.LocalCacheExpiration,
                Flags = LarderEntryOptions.FlagsOf(options, defaults.Flags.GetValueOrDefault()),
                LocalSize = options.LocalSize,
            },
            defaults),
    };

    /// <inheritdoc cref="Compose(HybridCacheEntryOptions, LarderEntryOptions)"/>
    public static EntryPolicy Compose(LarderEntryOptions options, LarderEntryOptions defaults)
    {
        var sliding = options.SlidingExpiration ?? defaults.SlidingExpiration;
        var retention = options.FailSafe?.MaximumDuration ?? defaults.FailSafe?.MaximumDuration;
        return new EntryPolicy
        {
            // Someone who asks for sliding expiration alone wants the entry to live while it is read.
            Expiration = Positive(options.Expiration, nameof(Expiration)) ?? defaults.Expiration ?? (sliding is null ? BuiltInExpiration : null),
            SlidingExpiration = Positive(sliding, nameof(SlidingExpiration)),
            LocalCacheExpiration = Positive(options.LocalCacheExpiration, nameof(LocalCacheExpiration)) ?? defaults.LocalCacheExpiration,
            Flags = options.Flags ?? defaults.Flags.GetValueOrDefault(),
            LocalSize = options.LocalSize ?? defaults.LocalSize,
            LocalPriority = Known(options.LocalPriority ?? defaults.LocalPriority ?? CacheItemPriority.Normal),
            ShareInstances = options.ShareInstances ?? defaults.ShareInstances ?? false,
            CacheNull = options.CacheNull ?? defaults.CacheNull ?? true,
            NullExpiration = Positive(options.NullExpiration, nameof(NullExpiration)) ?? defaults.NullExpiration,
            Jitter = NotNegative(options.Jitter ?? defaults.Jitter, nameof(Jitter)).GetValueOrDefault(),
            EagerRefresh = Share(options.EagerRefresh ?? defaults.EagerRefresh),
            Retention = NotNegative(retention, "FailSafe.MaximumDuration") > TimeSpan.Zero ? retention : null,
            Throttle = Positive(options.FailSafe?.Throttle ?? defaults.FailSafe?.Throttle, "FailSafe.Throttle") ?? BuiltInThrottle,
            Default = options.FailSafe?.GetDefault() ?? (IsOff(options.FailSafe) ? null : defaults.FailSafe?.GetDefault()),
            SoftTimeout = Positive(options.FactoryTimeout?.Soft ?? defaults.FactoryTimeout?.Soft, "FactoryTimeout.Soft"),
            HardTimeout = HardTimeoutOf(options, defaults),
            ReadsExpired = options.ReadExpired ?? defaults.ReadExpired ?? false,
            CommitsInBackground = options.CommitInBackground ?? defaults.CommitInBackground ?? false,
            InvalidatesInBackground = options.InvalidateInBackground ?? defaults.InvalidateInBackground ?? false,
        };
    }

    public bool Has(HybridCacheEntryFlags flag) => (Flags & flag) == flag;

    /// <summary>Whether the expired entry of a store may be served to this caller.</summary>
    public bool TakesExpired => Retention is not null;

    /// <summary>Whether a caller may get something else than what the factory makes.</summary>
    public bool HasFailSafe => TakesExpired || Default is not null;

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

    /// <summary>Options with all that is in force, for a factory that may change them.</summary>
    public LarderEntryOptions ToOptions() => new()
    {
        Expiration = Expiration,
        SlidingExpiration = SlidingExpiration,
        LocalCacheExpiration = LocalCacheExpiration,
        Flags = Flags,
        LocalSize = LocalSize,
        LocalPriority = LocalPriority,
        ShareInstances = ShareInstances,
        CacheNull = CacheNull,
        NullExpiration = NullExpiration,
        Jitter = Jitter,
        EagerRefresh = EagerRefresh,
        FailSafe = new FailSafeOptions { MaximumDuration = Retention ?? TimeSpan.Zero, Throttle = Throttle }.With(Default),
        FactoryTimeout = new FactoryTimeoutOptions { Soft = SoftTimeout, Hard = HardTimeout },
        ReadExpired = ReadsExpired,
        CommitInBackground = CommitsInBackground,
        InvalidateInBackground = InvalidatesInBackground,
    };

    /// <summary>The policy for one value: a null has its own expiration, and each value its own jitter.</summary>
    public EntryPolicy For<T>(T value)
    {
        var expiration = value is null ? NullExpiration ?? Expiration : Expiration;
        if (expiration is { } span && Jitter > TimeSpan.Zero)
        {
            expiration = span + (Jitter * Random.Shared.NextDouble());
        }

        return expiration == Expiration ? this : this with { Expiration = expiration };
    }

    // Off is off: the cache's default value does not come in the place of what is not wanted.
    private static bool IsOff(FailSafeOptions? options) => options?.MaximumDuration == TimeSpan.Zero;

    private static TimeSpan? HardTimeoutOf(LarderEntryOptions options, LarderEntryOptions defaults)
    {
        var soft = options.FactoryTimeout?.Soft ?? defaults.FactoryTimeout?.Soft;
        var hard = Positive(options.FactoryTimeout?.Hard ?? defaults.FactoryTimeout?.Hard, "FactoryTimeout.Hard");
        return Check(hard, !(hard < soft), "FactoryTimeout.Hard", $"not less than FactoryTimeout.Soft, {soft}, or not set");
    }

    private static TimeSpan? Positive(TimeSpan? value, string name) =>
        Check(value, !(value <= TimeSpan.Zero), name, "more than 00:00:00, or not set");

    private static TimeSpan? NotNegative(TimeSpan? value, string name) =>
        Check(value, !(value < TimeSpan.Zero), name, "00:00:00 or more, or not set");

    private static double? Share(double? value) => Check(value, value is null or (> 0 and < 1), nameof(EagerRefresh), "more than 0 and less than 1, or not set");

    private static CacheItemPriority Known(CacheItemPriority value) =>
        Check(value, Enum.IsDefined(value), nameof(LocalPriority), "Low, Normal, High or NeverRemove, or not set");

    private static T Check<T>(T value, bool isValid, string name, string allowed) => isValid
        ? value
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} was {value}; it may be {allowed}."), nameof(value));
}
