namespace Larder;

/// <summary>
/// How one node at a time runs the factory of a missing entry
/// (the lease of "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1).
/// </summary>
public sealed class LeaseOptions
{
    /// <summary>
    /// How long a lease lasts without a renewal. Its holder renews it while the factory runs; if the holder crashes,
    /// the key is free after this time.
    /// </summary>
    /// <value>Default: 3 seconds. From 200 milliseconds to 1 minute.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a factory may keep its key to itself. Past it the lease is given up and other callers, on this node and
    /// on others, go on with a factory of their own; the late value still goes to the caller that started it, uncached.
    /// </summary>
    /// <value>Default: 15 seconds. From 200 milliseconds to 1 hour.</value>
    public TimeSpan MaximumDuration { get; set; } = TimeSpan.FromSeconds(15);
}
