using Larder.Policies;

namespace Larder;

/// <summary>
/// What a caller gets when the factory fails, or is too slow: the expired value, in the place of an exception. A value that
/// was removed, by its key or by a tag, never comes back this way; one that was expired by <c>ExpireAsync</c> may.
/// </summary>
/// <remarks>
/// While L2 is away and L1 is not trusted any more (<see cref="LarderOptions.MaxStaleness"/>), nobody knows what was removed:
/// then there is no expired value to fall back to, only the default.
/// </remarks>
public sealed record FailSafeOptions
{
    // Not a property: the configuration can't bind it. The others have setters, for it binds no init-only one, and says nothing.
    private FailSafeDefault? _default;

    /// <summary>No fail-safe, also where the cache's default has it.</summary>
    public static FailSafeOptions Off => new() { MaximumDuration = TimeSpan.Zero };

    /// <summary>
    /// For how long after its expiration a value is kept and may be served. It counts from the entry's own expiration, as
    /// it was when the value was written; Redis keeps the entry for so long.
    /// </summary>
    /// <value>Default: none, no fail-safe. Zero (off) or more.</value>
    public TimeSpan? MaximumDuration { get; set; }

    /// <summary>
    /// After a failure the origin is left alone for this time, across all nodes where L2 answers: the expired value is served
    /// without another attempt.
    /// </summary>
    /// <value>Default: 30 seconds. More than zero.</value>
    public TimeSpan? Throttle { get; set; }

    /// <summary>The same options with a value that is returned where there is no expired one. It is never written to L2.</summary>
    /// <typeparam name="T">The type of the cached value; a call that caches another type throws <see cref="InvalidOperationException"/>.</typeparam>
    /// <param name="value">The value; all callers get this instance.</param>
    public FailSafeOptions WithDefault<T>(T value) => With(new FailSafeDefault<T>(value));

    internal FailSafeDefault? GetDefault() => _default;

    /// <summary>These options, with others for what they leave open. Off is off: then the others' default value is not wanted.</summary>
    internal FailSafeOptions Over(FailSafeOptions? others) => new FailSafeOptions
    {
        MaximumDuration = MaximumDuration ?? others?.MaximumDuration,
        Throttle = Throttle ?? others?.Throttle,
    }.With(_default ?? (MaximumDuration == TimeSpan.Zero ? null : others?._default));

    internal FailSafeOptions With(FailSafeDefault? value)
    {
        var copy = this with { };
        copy._default = value;
        return copy;
    }
}
