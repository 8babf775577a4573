using Larder.Fences;
using Larder.Policies;

namespace Larder.Flights;

/// <summary>
/// The one running load of a key on this node; callers that arrive join it. It remembers what it captured before it
/// began: a caller that comes after an invalidation does not join a flight from before it.
/// </summary>
internal abstract class Flight(FlightKey id, FlightTerms terms)
{
    // How many callers wait; with Joined, once another than the first has come. What is closed takes no more.
    private const int Joined = 1 << 30;
    private const int Closed = -Joined;

    // Without a caller that can cancel, nobody can ever leave, and there is nothing to cancel.
    private readonly CancellationTokenSource? _cancellation = terms.IsCancellable ? new() : null;
    private int _callers = 1;
    private long _joinableUntil = MonotonicClock.Never;
    private bool _areTagsKnown;

    public FlightKey Id => id;

    public EntryPolicy Policy { get; } = terms.Policy;

    public string[]? Tags { get; } = terms.Tags;

    /// <summary>
    /// Whether the value will have just the flight's tags: not while an entry of L2, or an expired one, may be its result,
    /// which has its own.
    /// </summary>
    public bool AreTagsKnown
    {
        get => Volatile.Read(ref _areTagsKnown);
        set => Volatile.Write(ref _areTagsKnown, value);
    }

    /// <summary>Until when callers may join it: what fail-safe has answered it with is kept no longer.</summary>
    public long JoinableUntil
    {
        get => Volatile.Read(ref _joinableUntil);
        set => Volatile.Write(ref _joinableUntil, value);
    }

    /// <summary>Cancelled when the last caller has left.</summary>
    public CancellationToken Token => _cancellation?.Token ?? CancellationToken.None;

    /// <summary>Captured before the load began; a load that waited for another node and begins anew captures again.</summary>
    public LoadMark Mark
    {
        get => Volatile.Read(ref field!);
        set => Volatile.Write(ref field!, value);
    }

    /// <summary>The flight behind it in its chain of <see cref="FlightTable"/>, whose lock guards it.</summary>
    public Flight? Next { get; set; }

    public bool TryJoin()
    {
        for (var callers = Volatile.Read(ref _callers); callers > 0 && callers != Joined; callers = Volatile.Read(ref _callers))
        {
            if (Interlocked.CompareExchange(ref _callers, (callers + 1) | Joined, callers) == callers)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lets nobody join any more, unless somebody has.</summary>
    public bool TryClose() => Interlocked.CompareExchange(ref _callers, Closed, 1) == 1;

    /// <summary>A caller stopped waiting.</summary>
    /// <returns>Whether it was the last: the load is cancelled.</returns>
    public bool Leave()
    {
        if (Interlocked.Decrement(ref _callers) is not (0 or Joined))
        {
            return false;
        }

        _cancellation?.Cancel();
        return true;
    }
}

/// <summary>With which a flight begins.</summary>
/// <param name="Policy">The options in force.</param>
/// <param name="Tags">The tags that its caller gave.</param>
/// <param name="IsCancellable">Whether its caller can cancel.</param>
internal readonly record struct FlightTerms(EntryPolicy Policy, string[]? Tags, bool IsCancellable);
