using Larder.Fences;

namespace Larder.Flights;

/// <summary>
/// The flights that callers can join, in chains through themselves, under a lock for each: every miss enters one and leaves, and
/// a dictionary would allocate a node each time.
/// </summary>
internal sealed class FlightTable(FencedLocal local)
{
    private const int Chains = 1024;

    private readonly Chain[] _chains = [.. Enumerable.Range(0, Chains).Select(static _ => new Chain())];

    /// <summary>Joins the running flight of the key, as <see cref="JoinOrEnter"/> would, without one to take its place.</summary>
    public Flight<T>? Join<T>(in FlightKey id, long now)
    {
        var chain = ChainOf(id);
        if (chain.IsEmpty)
        {
            return null;
        }

        lock (chain.Gate)
        {
            return chain.Find(id) is { } running && TryJoin(running, now) ? (Flight<T>)running : null;
        }
    }

    /// <summary>
    /// Joins the running flight of the key, if it began after the last invalidation; otherwise <paramref name="own"/> takes
    /// its place, whose marks the caller has captured.
    /// </summary>
    /// <returns>The flight; <paramref name="own"/> if the caller is to run it.</returns>
    public Flight<T> JoinOrEnter<T>(Flight<T> own)
    {
        var chain = ChainOf(own.Id);
        lock (chain.Gate)
        {
            if (chain.Find(own.Id) is { } running)
            {
                if (TryJoin(running, own.Mark.At))
                {
                    return (Flight<T>)running;
                }

                chain.Remove(running);
            }

            chain.Add(own);
            return own;
        }
    }

    /// <summary>Makes <paramref name="own"/> the key's flight, if there is none.</summary>
    public bool TryEnter(Flight own)
    {
        var chain = ChainOf(own.Id);
        lock (chain.Gate)
        {
            if (chain.Find(own.Id) is not null)
            {
                return false;
            }

            chain.Add(own);
            return true;
        }
    }

    /// <summary>A caller stopped waiting; if it was the last, no other joins any more.</summary>
    public void Abandon(Flight flight)
    {
        if (flight.Leave())
        {
            Leave(flight);
        }
    }

    /// <summary>No caller joins it any more.</summary>
    public void Leave(Flight flight)
    {
        var chain = ChainOf(flight.Id);
        lock (chain.Gate)
        {
            chain.Remove(flight);
        }
    }

    private bool TryJoin(Flight running, long now) =>
        local.IsCurrent(running.Mark, running.Tags, running.AreTagsKnown)
        && running.JoinableUntil > now
        && running.TryJoin();

    private Chain ChainOf(in FlightKey id) => _chains[(int)id.Hash & (Chains - 1)];

    private sealed class Chain
    {
        public readonly Lock Gate = new();
        private Flight? _first;

        // Seen without the lock: who overlooks a flight finds it when it enters its own.
        public bool IsEmpty => Volatile.Read(ref _first) is null;

        public Flight? Find(in FlightKey id)
        {
            var flight = _first;
            while (flight is not null && flight.Id != id)
            {
                flight = flight.Next;
            }

            return flight;
        }

        public void Add(Flight flight)
        {
            flight.Next = _first;
            _first = flight;
        }

        // One that is not there has been replaced, or has left before.
        public void Remove(Flight flight)
        {
            if (ReferenceEquals(_first, flight))
            {
                _first = flight.Next;
            }
            else
            {
                var before = _first;
                while (before is not null && !ReferenceEquals(before.Next, flight))
                {
                    before = before.Next;
                }

                before?.Next = flight.Next;
            }

            flight.Next = null;
        }
    }
}
