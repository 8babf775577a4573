using Larder.Reads;

namespace Larder.Flights;

/// <summary>A flight for values of one type: what its callers wait for, and may get in the place of a new value.</summary>
internal class Flight<T>(FlightKey id, FlightTerms terms) : Flight(id, terms)
{
    private readonly TaskCompletionSource<Loaded<T>> _shared = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the callers that joined wait for.</summary>
    public Task<Loaded<T>> Shared => _shared.Task;

    /// <summary>What L2 had, and has expired.</summary>
    public Fallback<T>? Fallback { get; set; }

    /// <summary>Answers all that wait; the first answer counts.</summary>
    public bool Complete(Loaded<T> loaded) => _shared.TrySetResult(loaded);

    /// <summary>Lets all that wait fail, unless they have an answer.</summary>
    public void Fail(Exception fault)
    {
        if (fault is OperationCanceledException cancelled && Token.IsCancellationRequested)
        {
            _shared.TrySetCanceled(cancelled.CancellationToken);
        }
        else if (_shared.TrySetException(fault))
        {
            // Nobody may have joined: then nobody else would observe it.
            _ = _shared.Task.Exception;
        }
    }
}
