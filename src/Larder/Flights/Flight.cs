using Larder.Fences;
using Larder.Policies;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Flights;

/// <summary>
/// The one running load of a key on this node; callers that arrive join it. It remembers what it captured before it
/// began: a caller that comes after an invalidation does not join a flight from before it.
/// </summary>
internal abstract class Flight(FlightKey id, EntryPolicy policy, string[]? tags, bool isCancellable)
{
    // Without a caller that can cancel, nobody can ever leave, and there is nothing to cancel.
    private readonly CancellationTokenSource? _cancellation = isCancellable ? new() : null;
    private int _callers = 1;

    public FlightKey Id => id;

    public EntryPolicy Policy => policy;

    public string[]? Tags => tags;

    /// <summary>Cancelled when the last caller has left.</summary>
    public CancellationToken Token => _cancellation?.Token ?? CancellationToken.None;

    /// <summary>Captured before the load began; a load that waited for another node and begins anew captures again.</summary>
    public LoadMark Mark
    {
        get => Volatile.Read(ref field!);
        set => Volatile.Write(ref field!, value);
    }

    public bool TryJoin()
    {
        for (var callers = Volatile.Read(ref _callers); callers > 0; callers = Volatile.Read(ref _callers))
        {
            if (Interlocked.CompareExchange(ref _callers, callers + 1, callers) == callers)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A caller stopped waiting.</summary>
    /// <returns>Whether it was the last: the load is cancelled.</returns>
    public bool Leave()
    {
        if (Interlocked.Decrement(ref _callers) != 0)
        {
            return false;
        }

        _cancellation?.Cancel();
        return true;
    }
}

/// <summary>A flight for values of one type.</summary>
internal abstract class Flight<T>(FlightKey id, EntryPolicy policy, string[]? tags, bool isCancellable) : Flight(id, policy, tags, isCancellable)
{
    private readonly TaskCompletionSource<Loaded<T>> _shared = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the callers that joined wait for.</summary>
    public Task<Loaded<T>> Shared => _shared.Task;

    /// <summary>Runs the factory.</summary>
    /// <param name="policy">The options in force; a factory with a context may change them.</param>
    /// <param name="cancellationToken">Cancelled when no caller waits any more.</param>
    public abstract ValueTask<Made<T>> MakeAsync(EntryPolicy policy, CancellationToken cancellationToken);

    public void Complete(Loaded<T> loaded) => _shared.TrySetResult(loaded);

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

/// <summary>What a factory made, and the options in force after it.</summary>
internal readonly record struct Made<T>(T Value, EntryPolicy Policy);

/// <summary>A flight whose factory takes no context.</summary>
internal sealed class PlainFlight<TState, T>(
    FlightKey id, EntryPolicy policy, string[]? tags, bool isCancellable, TState state, Func<TState, CancellationToken, ValueTask<T>> factory)
    : Flight<T>(id, policy, tags, isCancellable)
{
    public override ValueTask<Made<T>> MakeAsync(EntryPolicy policy, CancellationToken cancellationToken)
    {
        var made = factory(state, cancellationToken);
        return made.IsCompletedSuccessfully ? new(new Made<T>(made.Result, policy)) : AwaitAsync(made, policy);
    }

    private static async ValueTask<Made<T>> AwaitAsync(ValueTask<T> made, EntryPolicy policy) => new(await made.ConfigureAwait(false), policy);
}

/// <summary>A flight whose factory may change the options by the value.</summary>
internal sealed class ContextFlight<TState, T>(
    FlightKey id,
    EntryPolicy policy,
    string[]? tags,
    bool isCancellable,
    TState state,
    Func<TState, HybridCacheEntryContext, CancellationToken, ValueTask<T>> factory)
    : Flight<T>(id, policy, tags, isCancellable)
{
    public override async ValueTask<Made<T>> MakeAsync(EntryPolicy policy, CancellationToken cancellationToken)
    {
        var context = policy.ToContext();
        var revision = context.Revision;
        var value = await factory(state, context, cancellationToken).ConfigureAwait(false);
        return new(value, context.Revision == revision ? policy : policy.With(context));
    }
}
