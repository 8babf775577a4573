using System.Threading.Tasks.Sources;
using Larder.Reads;

namespace Larder.Flights;

/// <summary>
/// The callers that joined a flight and can't leave it: they wait for the same thing, and none costs more than a place in its list. If
/// the flight gives up, the first of them loads the value for all.
/// </summary>
/// <remarks>As a task, and unlike most other sources of values, it may be awaited again, by many, and by who blocks its thread.</remarks>
internal sealed class Crowd<T>(CacheNode node, Flight<T> flight) : IValueTaskSource<T>
{
    private const int Left = -1;

    private int _callers;

    /// <summary>What they get.</summary>
    public Answer<T> Answer { get; } = new();

    /// <summary>Adds a caller, unless it is too late.</summary>
    public bool TryEnter()
    {
        for (var callers = Volatile.Read(ref _callers); callers != Left; callers = Volatile.Read(ref _callers))
        {
            if (Interlocked.CompareExchange(ref _callers, callers + 1, callers) == callers)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>None of them waits for the flight any more.</summary>
    public void Leave()
    {
        for (var callers = Interlocked.Exchange(ref _callers, Left); callers > 0; callers--)
        {
            flight.Leave();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => Answer.GetStatus(token);

    public T GetResult(short token)
    {
        if (!Answer.IsComplete)
        {
            End().Wait();
        }

        // Each caller does this by itself, in its own context.
        var loaded = Answer.GetResult(token);
        node.Telemetry.Joined();
        node.Count(flight.Id.Key, loaded.Result, loaded.Tags);
        return node.CopyOf(loaded, flight.Policy);
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        var flows = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0;
        var goesBack = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0
            && (SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default);
        if (!flows && !goesBack)
        {
            Answer.OnCompleted(continuation, state, token, flags);
            return;
        }

        var awaiter = End().ConfigureAwait(goesBack).GetAwaiter();
        Action goOn = () => continuation(state);
        if (flows)
        {
            awaiter.OnCompleted(goOn);
        }
        else
        {
            awaiter.UnsafeOnCompleted(goOn);
        }
    }

    // The framework knows how to go on in another context.
    private Task End()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.None);
        if (!Answer.TryAdd(new(static end => ((TaskCompletionSource)end!).TrySetResult(), end), null))
        {
            end.TrySetResult();
        }

        return end.Task;
    }
}
