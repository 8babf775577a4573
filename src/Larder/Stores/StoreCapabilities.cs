namespace Larder.Stores;

/// <summary>What a store guarantees; what it does not is replaced by the weaker rule given here.</summary>
[Flags]
public enum StoreCapabilities
{
    /// <summary>A plain key-value store.</summary>
    None = 0,

    /// <summary>
    /// Leases and fenced writes: a value computed before an invalidation is never written after it.
    /// Without it, writes are checked against this node's invalidations only, and each node runs its own factory.
    /// </summary>
    Leases = 1,

    /// <summary>
    /// Changes are published to all nodes in the same step that makes them.
    /// Without it, an L1 copy lives no longer than <see cref="LarderOptions.MaxStaleness"/>.
    /// </summary>
    Feed = 2,

    /// <summary>
    /// The tag clock counts atomically. Without it, two tag invalidations that race with a load can miss that one load.
    /// </summary>
    AtomicTags = 4,

    /// <summary>All of them: the whole freshness contract holds.</summary>
    All = Leases | Feed | AtomicTags,
}
