namespace Larder.Stores;

/// <summary>A request for the lease of a key.</summary>
/// <param name="Token">The token that the lease will have.</param>
/// <param name="TimeToLive">After this time without a renewal the next one may take it.</param>
public readonly record struct LeaseRequest(LeaseToken Token, TimeSpan TimeToLive)
{
    /// <summary>
    /// The version of the entry that the node has read and wants to replace; <see langword="null"/> if there was no entry.
    /// If the entry is another one by now, the answer is <see cref="LeaseState.Present"/>.
    /// </summary>
    public string? SeenVersion { get; init; }

    /// <summary>What becomes of the entry with the <see cref="SeenVersion"/>.</summary>
    public SeenEntry Seen { get; init; }

    /// <summary>
    /// Grants the lease whatever is there: the caller wants a new value. The entry stays until the commit; a lease that
    /// somebody else holds is taken over, and its commit will be refused.
    /// </summary>
    public bool Force { get; init; }
}

/// <summary>What becomes of an entry for which a lease is asked.</summary>
public enum SeenEntry
{
    /// <summary>It is invalid: it counts as missing and is deleted.</summary>
    Delete,

    /// <summary>It stays until the commit.</summary>
    Keep,

    /// <summary>
    /// It stays until the commit; and while it is to be served without another attempt at the origin
    /// (<see cref="ILarderStore.ReleaseLeaseAsync"/>), the answer is <see cref="LeaseState.Present"/>.
    /// </summary>
    KeepUnlessThrottled,
}
