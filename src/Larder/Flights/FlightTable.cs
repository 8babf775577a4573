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

    /// <summary>
    /// Joins the running flight of the key, if it began after the last invalidation; otherwise <paramref name="own"/> takes
    /// its place, whose marks the caller has captured.
    /// </summary>
    /// <returns>The flight; <paramref name="own"/> if the caller is to run it.</returns>
    public Flight<T> JoinOrEnter<T>(Flight<T> own)
    {
        var chain = ChainOf(own);
        lock (chain.Gate)
        {
            if (chain.Find(own.Id) is { } running)
            {
                if (local.IsCurrent(own.Id.Key, running.Mark, running.Tags, running.AreTagsKnown)
                    && running.JoinableUntil > own.Mark.At
                    && running.TryJoin())
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
        var chain = ChainOf(own);
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

    /// <summary>No caller joins it any more.</summary>
    public void Leave(Flight flight)
    {
        var chain = ChainOf(flight);
        lock (chain.Gate)
        {
            chain.Remove(flight);
        }
    }

    private Chain ChainOf(Flight flight) => _chains[flight.Id.Key.GetHashCode(StringComparison.Ordinal) & (Chains - 1)];

    private sealed class Chain
    {
        public readonly Lock Gate = new();
        private Flight? _first;

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
