using Larder.Flights;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Leases;

/// <summary>
/// What a load does before its factory: it reads L2 and, if there is nothing, asks for the lease; while another caller
/// holds that, it waits for the other's commit.
/// </summary>
internal sealed class LeaseSeeker(CacheNode node, StoreReads reads)
{
    // A message of the feed ends a wait at once; this is for the message that never comes.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>Finds the value in L2, or what may be done with one that the factory makes.</summary>
    /// <param name="flight">The load.</param>
    /// <param name="line">The way to L2.</param>
    /// <param name="read">What L2 has just answered; <see langword="null"/> if it was not asked yet.</param>
    public async ValueTask<(StoreAnswer<T> Answer, Grant Grant)> SeekAsync<T>(LoadFlight<T> flight, StoreLine line, StoreAnswer<T>? read)
    {
        var key = flight.Id.Key;
        var policy = flight.Policy;
        var giveUp = MonotonicClock.After(node.Clock.Now, node.Options.Lease.MaximumDuration);
        var answer = StoreAnswer<T>.Missing;
        Task? message = null;
        try
        {
            while (true)
            {
                if (!policy.Has(HybridCacheEntryFlags.DisableDistributedCacheRead))
                {
                    answer = read ?? await reads.ReadAsync<T>(line, new(key, flight.Mark, policy), flight.Token).ConfigureAwait(false);
                    read = null;
                    if (answer.State == StoreState.Hit)
                    {
                        return (answer, default);
                    }

                    node.Remember(flight, answer);
                }

                if (policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite))
                {
                    return (answer, new Grant(GrantKind.LocalOnly));
                }

                // The first load of a node: what it stored without the tag clock's generation would be born dead.
                if (flight.Mark.Stamp.Generation is null)
                {
                    await reads.LearnTagsAsync(line, null, flight.Token).ConfigureAwait(false);
                    flight.Mark = node.Local.Capture(key);
                }

                if (!node.Can(StoreCapabilities.Leases))
                {
                    return (answer, new Grant(GrantKind.Unfenced));
                }

                var request = node.AskFor(answer, policy);

                // Not cancelled half-way: a lease that nobody knows of would block the key until it lapses.
                var lease = await line.BoundAsync(StoreOperation.Lease, line.Store.AcquireLeaseAsync(key, request, CancellationToken.None)).ConfigureAwait(false);
                if (lease.State == LeaseState.Granted)
                {
                    return (answer, new Grant(GrantKind.Lease, request.Token));
                }

                if (node.Clock.Now >= giveUp)
                {
                    return (answer, new Grant(GrantKind.Uncached));
                }

                if (lease.State == LeaseState.Held)
                {
                    // Ask once more after getting hold of the next message: it may have come before.
                    if (message is null)
                    {
                        node.Telemetry.AwaitsLease();
                    }
                    else
                    {
                        await WaitAsync(message, lease.HeldFor, flight.Deadlines, flight.Token).ConfigureAwait(false);
                    }

                    message = node.Waits.Next(key);
                }

                // From here on it is a new load: what invalidated the key meanwhile is older than what it will read.
                flight.Mark = node.Local.Capture(key);
            }
        }
        finally
        {
            if (message is not null)
            {
                node.Waits.Signal(key);
            }
        }
    }

    /// <summary>
    /// Finds whether this node is the one to make a value anew that is still good: the only one, and of the newest value.
    /// </summary>
    public async ValueTask<(StoreAnswer<T> Answer, Grant Grant)> SeekEagerlyAsync<T>(LoadFlight<T> flight, StoreLine line)
    {
        var answer = await reads.ReadAsync<T>(line, new(flight.Id.Key, flight.Mark, flight.Policy), flight.Token).ConfigureAwait(false);
        if (answer.State == StoreState.Hit && answer.Entry!.EagerAt > node.Clock.Now)
        {
            return (answer, default);
        }

        if (!node.Can(StoreCapabilities.Leases) || flight.Policy.Has(HybridCacheEntryFlags.DisableDistributedCacheWrite))
        {
            return (StoreAnswer<T>.Missing, new Grant(node.Can(StoreCapabilities.Leases) ? GrantKind.LocalOnly : GrantKind.Unfenced));
        }

        if (answer.State is not (StoreState.Hit or StoreState.Expired) || answer.Version is null)
        {
            return (StoreAnswer<T>.Missing, default);
        }

        flight.Fallback = new(answer.Value!, answer.Payload, answer.Entry!, flight.Mark);
        var request = new LeaseRequest(node.NewLease(), node.Options.Lease.TimeToLive) { SeenVersion = answer.Version, Seen = SeenEntry.Keep };
        var lease = await line.BoundAsync(StoreOperation.Lease, line.Store.AcquireLeaseAsync(flight.Id.Key, request, CancellationToken.None)).ConfigureAwait(false);
        return (StoreAnswer<T>.Missing, lease.State == LeaseState.Granted ? new Grant(GrantKind.Lease, request.Token) : default);
    }

    private async ValueTask WaitAsync(Task message, TimeSpan heldFor, CallerDeadlines? deadlines, CancellationToken cancellationToken)
    {
        var now = node.Clock.Now;
        deadlines?.Check(now);
        var time = heldFor < LongestWait ? heldFor : LongestWait;
        if (deadlines is not null && MonotonicClock.Until(deadlines.Next, now) is { } left && left < time)
        {
            time = left;
        }

        try
        {
            // A lease that lapses in this very millisecond has lapsed after the next.
            await message.WaitAsync(time + TimeSpan.FromMilliseconds(1), node.Clock.Provider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }

        deadlines?.Check(node.Clock.Now);
    }
}
