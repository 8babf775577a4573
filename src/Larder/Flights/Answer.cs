using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Larder.Flights;

/// <summary>
/// What those wait for who joined a flight. They go on one after another in a few work items of the pool; and while one goes on,
/// the next work item is queued already, or has begun: who blocks its thread holds up nobody.
/// </summary>
/// <remarks>
/// Never reused: any number may await it, at any time. It takes no notice of how they want to go on, and is awaited by async
/// methods without their context, which bring their own <see cref="ExecutionContext"/>.
/// </remarks>
internal sealed class Answer<T> : IValueTaskSource<Loaded<T>>, IThreadPoolWorkItem
{
    // Then it is the turn of what else is queued in the pool.
    private const int Share = 64;

    private readonly Lock _gate = new();
    private Waiter[] _waiters = new Waiter[4];
    private int _count;
    private int _taken;
    private int _isQueued;
    private bool _isComplete;
    private Loaded<T> _loaded;
    private ExceptionDispatchInfo? _fault;
    private Crowd<T>? _crowd;

    /// <summary>Those that wait for it together.</summary>
    public Crowd<T>? Crowd => Volatile.Read(ref _crowd);

    /// <summary>Whether it is there.</summary>
    public bool IsComplete => Volatile.Read(ref _isComplete);

    /// <summary>Gives it to all that wait; the first counts.</summary>
    public bool TryComplete(in Loaded<T> loaded) => TryComplete(loaded, null);

    /// <summary>Lets all that wait fail, unless they have an answer.</summary>
    public bool TryFail(Exception fault) => TryComplete(default, ExceptionDispatchInfo.Capture(fault));

    /// <summary>Makes <paramref name="crowd"/> those that wait together, unless there are such.</summary>
    /// <returns>Those that do.</returns>
    public Crowd<T> Gather(Crowd<T> crowd) => Interlocked.CompareExchange(ref _crowd, crowd, null) ?? crowd;

    /// <summary>Makes somebody wait for it.</summary>
    /// <param name="waiter">Who.</param>
    /// <param name="leaver">The same, if it can leave.</param>
    /// <returns>Whether there is anything to wait for.</returns>
    public bool TryAdd(Waiter waiter, Leaver<T>? leaver)
    {
        lock (_gate)
        {
            if (_isComplete || leaver is { HasLeft: true })
            {
                return false;
            }

            if (_count == _waiters.Length)
            {
                Array.Resize(ref _waiters, 2 * _count);
            }

            leaver?.Place = _count;
            _waiters[_count++] = waiter;
            return true;
        }
    }

    /// <summary>Takes somebody out who wants to wait no longer. Who has an answer gets it.</summary>
    /// <returns>Whether it is to go on.</returns>
    public bool TryRemove(Leaver<T> leaver)
    {
        lock (_gate)
        {
            if (_isComplete || leaver.HasLeft)
            {
                return false;
            }

            leaver.HasLeft = true;
            if (leaver.Place is not { } place)
            {
                return false;
            }

            var last = _waiters[--_count];
            _waiters[_count] = default;
            if (place < _count)
            {
                _waiters[place] = last;
                (last.State as Leaver<T>)?.Place = place;
            }

            return true;
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => !IsComplete ? ValueTaskSourceStatus.Pending : _fault?.SourceException switch
    {
        null => ValueTaskSourceStatus.Succeeded,
        OperationCanceledException => ValueTaskSourceStatus.Canceled,
        _ => ValueTaskSourceStatus.Faulted,
    };

    public Loaded<T> GetResult(short token)
    {
        _fault?.Throw();
        return _loaded;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (!TryAdd(new(continuation, state), null))
        {
            ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: true);
        }
    }

    /// <summary>Lets some of those that wait go on.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        // Before it takes anybody: who sees that one is queued knows that it will come for those behind.
        Volatile.Write(ref _isQueued, 0);
        var found = ExecutionContext.Capture()!;
        var waiters = _waiters;
        for (var left = Share; left > 0; left--)
        {
            var place = Interlocked.Increment(ref _taken) - 1;
            if (place >= _count)
            {
                // All are taken, by those who have the array.
                _waiters = [];
                return;
            }

            if (place + 1 < _count)
            {
                Queue();
            }

            var waiter = waiters[place];
            waiter.GoOn(waiter.State);

            // As the pool does behind each work item. Only who does not let its context flow can have left anything.
            ExecutionContext.Restore(found);
            if (SynchronizationContext.Current is not null)
            {
                SynchronizationContext.SetSynchronizationContext(null);
            }
        }
    }

    private bool TryComplete(in Loaded<T> loaded, ExceptionDispatchInfo? fault)
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                return false;
            }

            _loaded = loaded;
            _fault = fault;
            Volatile.Write(ref _isComplete, true);
        }

        // From here on nobody is added, and nobody taken out.
        if (_count > 0)
        {
            Queue();
        }

        return true;
    }

    private void Queue()
    {
        if (Volatile.Read(ref _isQueued) == 0 && Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}

/// <summary>Somebody who waits for an answer.</summary>
/// <param name="GoOn">Lets it go on.</param>
/// <param name="State">With what.</param>
internal readonly record struct Waiter(Action<object?> GoOn, object? State);
