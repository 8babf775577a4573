namespace Larder;

/// <summary>
/// What goes wrong between a cache and its store, and how often. Bound from the configuration section <c>Larder:Chaos</c>
/// (<c>Larder:{name}:Chaos</c> for a named cache).
/// </summary>
public sealed class LarderChaosOptions
{
    /// <summary>Whether anything goes wrong at all.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsOn { get; set; } = true;

    /// <summary>The share of reads that fail: of entries, of tags, and of those who look at the cache.</summary>
    /// <value>Default: 0. From 0 to 1.</value>
    public double Reads { get; set; }

    /// <summary>The share of writes that fail: commits, touches, and every Set, Remove, Expire and RemoveByTag.</summary>
    /// <value>Default: 0. From 0 to 1.</value>
    public double Writes { get; set; }

    /// <summary>The share of operations that fail of those that take, renew or give back a lease.</summary>
    /// <value>Default: 0. From 0 to 1.</value>
    public double Leases { get; set; }

    /// <summary>The share of pulses that fail, of attempts to connect, and of questions and answers between nodes.</summary>
    /// <value>Default: 0. From 0 to 1.</value>
    public double Feed { get; set; }

    /// <summary>
    /// Of the operations that fail, the share that the store carries out all the same: its answer is what is lost. The others
    /// never reach it.
    /// </summary>
    /// <value>Default: 0.5. From 0 to 1.</value>
    public double LostAnswers { get; set; } = 0.5;

    /// <summary>
    /// What a failure means: that the store can't be reached, so that the cache goes on without it until a pulse comes through
    /// (<see langword="true"/>), or that the one operation failed.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsUnreachable { get; set; }

    /// <summary>How much later an answer comes, at least. The store carries operations out at once, and in their order.</summary>
    /// <value>Default: 0. From 0 to 1 minute.</value>
    public TimeSpan MinimumDelay { get; set; }

    /// <summary>How much later an answer comes, at most: each by a random time from the minimum to this.</summary>
    /// <value>Default: 0. From <see cref="MinimumDelay"/> to 1 minute.</value>
    public TimeSpan MaximumDelay { get; set; }

    /// <summary>
    /// The share of the feed's messages that are lost; and, as on a connection that breaks, whatever comes after one that is, for
    /// <see cref="FeedOutage"/>.
    /// </summary>
    /// <value>Default: 0. From 0 to 1.</value>
    public double LostMessages { get; set; }

    /// <summary>
    /// How long the feed stays silent after a message was lost, before the cache is told that it was interrupted; longer by up to a
    /// second. For more than <see cref="LarderOptions.MaxStaleness"/> the cache finds out by itself.
    /// </summary>
    /// <value>Default: 1 second. From 0 to 1 hour.</value>
    public TimeSpan FeedOutage { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Makes what goes wrong repeatable: with the same seed, the same decisions follow one another. Operations that run at once
    /// take them in the order in which they come.
    /// </summary>
    /// <value>Default: none, other decisions each time.</value>
    public int? Seed { get; set; }

    internal LarderChaosOptions Copy() => (LarderChaosOptions)MemberwiseClone();
}
