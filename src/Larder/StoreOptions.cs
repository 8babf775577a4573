namespace Larder;

/// <summary>How long operations of L2 may take, by their class, and when L2 is tried again after one took too long.</summary>
public sealed class StoreOptions
{
    /// <summary>For reads: of entries and of tags. A reader waits for it at most once while L2 does not answer.</summary>
    /// <value>Default: <see cref="LarderOptions.StoreTimeout"/>. From 1 millisecond to 1 minute.</value>
    public TimeSpan? ReadTimeout { get; set; }

    /// <summary>For leases, commits and touches.</summary>
    /// <value>Default: <see cref="LarderOptions.StoreTimeout"/>. From 1 millisecond to 1 minute.</value>
    public TimeSpan? WriteTimeout { get; set; }

    /// <summary>For a Set, Remove, Expire and RemoveByTag; one that takes longer is queued, and delivered later.</summary>
    /// <value>Default: <see cref="LarderOptions.StoreTimeout"/>. From 1 millisecond to 1 minute.</value>
    public TimeSpan? InvalidationTimeout { get; set; }

    /// <summary>
    /// For how long L2 is left alone after an operation failed or took too long (the breaker is open), even if it answers the
    /// pulse before.
    /// </summary>
    /// <value>Default: 0, until a pulse comes through; there is one a second. From 0 to 10 minutes.</value>
    public TimeSpan BreakerDuration { get; set; }
}
