namespace Larder;

/// <summary>
/// How long a caller waits for a value before it gets the expired one, or an exception. The factory goes on in the background,
/// and its value is cached if it comes within <see cref="LeaseOptions.MaximumDuration"/>. Waiting for another node's factory
/// counts as well.
/// </summary>
public sealed record FactoryTimeoutOptions
{
    // Setters, for the configuration binds no init-only property, and says nothing.

    /// <summary>After this time a caller gets the expired value, if fail-safe is on and there is one.</summary>
    /// <value>Default: none. More than zero.</value>
    public TimeSpan? Soft { get; set; }

    /// <summary>
    /// After this time a caller gets the expired value or the fail-safe default, or else a <see cref="TimeoutException"/>; and
    /// callers that come after it no longer wait for this run of the factory.
    /// </summary>
    /// <value>Default: none. More than zero, and not less than <see cref="Soft"/>.</value>
    public TimeSpan? Hard { get; set; }

    /// <summary>These options, with others for what they leave open.</summary>
    internal FactoryTimeoutOptions Over(FactoryTimeoutOptions? others) => new() { Soft = Soft ?? others?.Soft, Hard = Hard ?? others?.Hard };
}
