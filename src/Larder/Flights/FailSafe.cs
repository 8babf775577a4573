using Larder.Diagnostics;
using Larder.Factories;
using Larder.Policies;
using Larder.Reads;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Flights;

/// <summary>What the callers of a flight get when its factory fails or is too slow.</summary>
internal sealed class FailSafe(CacheNode node, FlightTable flights, LocalReads local)
{
    /// <summary>The value that the cache had, for the factory; <see langword="null"/> if there is none, or fail-safe is off.</summary>
    public ExpiredValue<T>? ExpiredFor<T>(Flight<T> flight) => Find(flight) is { } found
        ? new(found.Value, found.Entry.Validators?.ETag, found.Entry.Validators?.LastModified, found.Entry.Tags)
        : null;

    /// <summary>
    /// The expired value, or else the default. For the throttle time this node goes on with it, without another attempt at
    /// the origin.
    /// </summary>
    public bool TryFallBack<T>(Flight<T> flight, out Loaded<T> loaded)
    {
        if (TryExpired(flight, out loaded))
        {
            return true;
        }

        if (flight.Policy.Default is FailSafeDefault<T> given)
        {
            Keep(flight, given.Value);
            loaded = new(given.Value) { Result = RequestResult.StaleHit };
            return true;
        }

        return false;
    }

    /// <summary>As <see cref="TryFallBack"/>, without the default.</summary>
    public bool TryExpired<T>(Flight<T> flight, out Loaded<T> loaded)
    {
        // Before it is looked for: who comes after the removal of one of its tags does not join any more.
        flight.AreTagsKnown = false;
        if (Find(flight) is not { } found)
        {
            loaded = default;
            return false;
        }

        flight.JoinableUntil = found.Entry.KeptUntil;
        Keep(flight, found);
        loaded = new(found.Value, found.Payload) { Result = RequestResult.StaleHit, Tags = found.Entry.Tags };
        return true;
    }

    /// <summary>The soft time-out: the callers of a flight get the expired value, if there is one.</summary>
    public bool Answer<T>(Flight<T> flight)
    {
        if (!TryExpired(flight, out var loaded))
        {
            return false;
        }

        Log.SoftTimeout(node.Log, flight.Policy.SoftTimeout.GetValueOrDefault());
        return flight.Complete(loaded);
    }

    /// <summary>
    /// The hard time-out: nobody waits any longer. Whoever comes from now on begins anew; this run goes on, and what it brings
    /// is cached if it comes in time.
    /// </summary>
    public void LetGo<T>(Flight<T> flight)
    {
        flights.Leave(flight);
        if (TryFallBack(flight, out var loaded))
        {
            flight.Complete(loaded);
        }
        else
        {
            flight.Fail(HardTimeout(flight));
        }
    }

    /// <summary>What a caller gets that waited for the hard time-out, and for whom there is nothing else.</summary>
    public static TimeoutException HardTimeout(Flight flight) => new(
        $"The factory exceeded its hard time-out of {flight.Policy.HardTimeout} (FactoryTimeout.Hard), and there is no expired value to fall back to.");

    // L1 is asked first: it has heard of everything that happened since.
    private Fallback<T>? Find<T>(Flight<T> flight)
    {
        if (!flight.Policy.TakesExpired)
        {
            return null;
        }

        var key = flight.Id.Key;
        return local.FindFallback<T>(key)
            ?? (flight.Fallback is { } read && read.Entry.KeptUntil > node.Clock.Now
                && node.Local.IsUnremoved(read.Mark, read.Entry.Tags) ? read : null);
    }

    private void Keep<T>(Flight<T> flight, Fallback<T> found)
    {
        if (!flight.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
        {
            var now = node.Clock.Now;
            node.Local.Store(found.Entry.Expire(now, MonotonicClock.After(now, flight.Policy.Throttle), flight.Mark.Stamp.Number), found.Mark);
        }
    }

    private void Keep<T>(Flight<T> flight, T value)
    {
        if (!flight.Policy.Has(HybridCacheEntryFlags.DisableLocalCacheWrite))
        {
            var throttle = flight.Policy.Throttle;
            node.Local.Store(
                node.Make(flight.Id.Key, value, null, new EntryFacts(flight.Policy, flight.Mark, node.Clock.Now)
                {
                    IsExpired = true,
                    ExpiresIn = throttle,
                    Retention = throttle,
                }),
                flight.Mark);
        }
    }
}
