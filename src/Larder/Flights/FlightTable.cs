using System.Collections.Concurrent;
using Larder.Fences;

namespace Larder.Flights;

/// <summary>The flights that callers can join.</summary>
internal sealed class FlightTable(FencedLocal local)
{
    private readonly ConcurrentDictionary<FlightKey, Flight> _flights = new();

    /// <summary>
    /// Joins the running flight of the key, if it began after the last invalidation; otherwise <paramref name="own"/> takes
    /// its place, whose marks the caller has captured.
    /// </summary>
    /// <returns>The flight; <paramref name="own"/> if the caller is to run it.</returns>
    public Flight<T> JoinOrEnter<T>(Flight<T> own)
    {
        while (true)
        {
            if (!_flights.TryGetValue(own.Id, out var running))
            {
                if (_flights.TryAdd(own.Id, own))
                {
                    return own;
                }
            }
            else if (local.IsCurrent(own.Id.Key, running.Mark, running.Tags, running.AreTagsKnown)
                && running.JoinableUntil > own.Mark.At
                && running.TryJoin())
            {
                return (Flight<T>)running;
            }
            else if (_flights.TryUpdate(own.Id, own, running))
            {
                return own;
            }
        }
    }

    /// <summary>Makes <paramref name="own"/> the key's flight, if there is none.</summary>
    public bool TryEnter(Flight own) => _flights.TryAdd(own.Id, own);

    /// <summary>No caller joins it any more.</summary>
    public void Leave(Flight flight) => _flights.TryRemove(new(flight.Id, flight));
}
