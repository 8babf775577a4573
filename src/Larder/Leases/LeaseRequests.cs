using Larder.Flights;
using Larder.Policies;
using Larder.Reads;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Leases;

/// <summary>What follows from an answer of L2 that is no hit.</summary>
internal static class LeaseRequests
{
    /// <summary>The request for the lease of a key of which L2 has given this answer.</summary>
    public static LeaseRequest AskFor<T>(this CacheNode node, StoreAnswer<T> answer, EntryPolicy policy) =>
        new(node.NewLease(), node.Options.Lease.TimeToLive)
        {
            SeenVersion = answer.Version,
            Seen = answer.State != StoreState.Expired ? SeenEntry.Delete
                : policy.TakesExpired && !answer.IsExpiredByTag ? SeenEntry.KeepUnlessThrottled
                : SeenEntry.Keep,
            Force = policy.Has(HybridCacheEntryFlags.DisableDistributedCacheRead)
                || answer is { State: StoreState.Unreadable } or { State: StoreState.Invalid, Version: null },
        };

    /// <summary>What has expired is there for fail-safe, for the factory, and for others on this node.</summary>
    public static void Remember<T>(this CacheNode node, Flight<T> flight, StoreAnswer<T> answer)
    {
        if (answer.State != StoreState.Expired || !flight.Policy.TakesExpired)
        {
            return;
        }

        flight.Fallback = new(answer.Value!, answer.Payload, answer.Entry!, flight.Mark);
        if (!flight.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
        {
            node.Local.Store(answer.Entry!, flight.Mark);
        }
    }
}
