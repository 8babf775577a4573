namespace Users.Service;

/// <summary>How the users service behaves; bound from the configuration section <c>Users</c>.</summary>
internal sealed class OriginOptions
{
    /// <summary>The longest <see cref="Delay"/>.</summary>
    public static readonly TimeSpan MaximumDelay = TimeSpan.FromMinutes(1);

    /// <summary>How long each answer takes, so that a person sees the difference that a cache makes.</summary>
    /// <value>Default: 1 second. From zero to 1 minute.</value>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(1);
}
