using Larder.Reads;

namespace Larder.Flights;

/// <summary>A flight for values of one type: what its callers wait for, and may get in the place of a new value.</summary>
internal class Flight<T>(FlightKey id, FlightTerms terms) : Flight(id, terms)
{
    // Most flights have one caller, who waits for the run itself: they do without it.
    private TaskCompletionSource<Loaded<T>>? _shared;

    /// <summary>What the callers that joined wait for.</summary>
    public Task<Loaded<T>> Shared => SharedSource.Task;

    /// <summary>Whether those that wait have an answer.</summary>
    public bool IsAnswered => Volatile.Read(ref _shared) is { Task.IsCompleted: true };

    /// <summary>What L2 had, and has expired.</summary>
    public Fallback<T>? Fallback { get; set; }

    private TaskCompletionSource<Loaded<T>> SharedSource
    {
        get
        {
            if (Volatile.Read(ref _shared) is { } shared)
            {
                return shared;
            }

            var made = new TaskCompletionSource<Loaded<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
            return Interlocked.CompareExchange(ref _shared, made, null) ?? made;
        }
    }

    /// <summary>Answers all that wait; the first answer counts.</summary>
    public bool Complete(Loaded<T> loaded) => SharedSource.TrySetResult(loaded);

    /// <summary>Lets all that wait fail, unless they have an answer.</summary>
    public void Fail(Exception fault)
    {
        if (fault is OperationCanceledException cancelled && Token.IsCancellationRequested)
        {
            SharedSource.TrySetCanceled(cancelled.CancellationToken);
        }
        else if (SharedSource.TrySetException(fault))
        {
            // Nobody may have joined: then nobody else would observe it.
            _ = Shared.Exception;
        }
    }

    /// <summary>
    /// Whether anybody waits besides the caller who runs it, or may yet ask for what to wait for. If not, nobody joins any more.
    /// </summary>
    public bool IsAwaited() => Volatile.Read(ref _shared) is not null || !TryClose();
}
