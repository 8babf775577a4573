using Larder.Stores;

namespace Larder.Leases;

/// <summary>What a load may do with the value that its factory makes.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Token">The lease, if there is one.</param>
internal readonly record struct Grant(GrantKind Kind, LeaseToken Token = default)
{
    public bool IsLease => Kind == GrantKind.Lease;
}

/// <summary>Kinds of a <see cref="Grant"/>.</summary>
internal enum GrantKind
{
    /// <summary>Nothing: the factory need not run.</summary>
    None,

    /// <summary>Keep it in L1 only: the cache has no L2, or the caller wants it so.</summary>
    LocalOnly,

    /// <summary>Commit it to L2 under a lease.</summary>
    Lease,

    /// <summary>Write it to L2, checked against this node's invalidations only: the store knows no leases.</summary>
    Unfenced,

    /// <summary>L2 is down: keep it in L1 for a short time.</summary>
    Detached,

    /// <summary>Return it, cache it nowhere: another caller holds the key, or an invalidation is yet to be delivered.</summary>
    Uncached,
}
