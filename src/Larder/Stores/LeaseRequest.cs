namespace Larder.Stores;

/// <summary>A request for the lease of a key.</summary>
/// <param name="Token">The token that the lease will have.</param>
/// <param name="TimeToLive">After this time without a renewal the next one may take it.</param>
public readonly record struct LeaseRequest(LeaseToken Token, TimeSpan TimeToLive)
{
    /// <summary>
    /// The version of the entry that the node has read and found invalid: it counts as missing and is deleted.
    /// <see langword="null"/> if there was no entry.
    /// </summary>
    public string? InvalidVersion { get; init; }

    /// <summary>
    /// Grants the lease whatever is there: the caller wants a new value. The entry stays until the commit; a lease that
    /// somebody else holds is taken over, and its commit will be refused.
    /// </summary>
    public bool Force { get; init; }
}
