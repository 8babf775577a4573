using System.Threading.Tasks.Sources;

namespace Larder.Recovery;

/// <summary>A call of L2 under way, in the list of those whose time runs (<see cref="CallDeadlines"/>).</summary>
internal abstract class StoreCall
{
    private int _isDecided;

    /// <summary>When its time is over.</summary>
    public long DueAt { get; set; }

    /// <summary>Whether it is in the list; this and its neighbours are guarded by the list's lock.</summary>
    public bool IsListed { get; set; }

    public StoreCall? Next { get; set; }

    public StoreCall? Previous { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool IsDecided => Volatile.Read(ref _isDecided) != 0;

    /// <summary>Whether the caller of this is the first to say how the call ends.</summary>
    public bool Decide() => Interlocked.Exchange(ref _isDecided, 1) == 0;

    /// <summary>Lets whoever waits go on without an answer. <see cref="Decide"/> first.</summary>
    public abstract void TimeOut();

    protected void Reset() => _isDecided = 0;
}

/// <summary>
/// A call of L2 under way: it ends with the store's answer, when its time is over, or when it is cancelled. Task.WaitAsync does
/// the same with a timer, a promise and a task for each call.
/// </summary>
internal sealed class StoreCall<TAnswer, T> : StoreCall, IValueTaskSource<T>
    where TAnswer : struct, IStoreAnswer<T>
{
    [ThreadStatic]
    private static StoreCall<TAnswer, T>? t_free;

    private readonly Action _onAnswer;
    private ManualResetValueTaskSourceCore<T> _end;
    private TAnswer _answer;
    private CallDeadlines? _deadlines;
    private CancellationTokenRegistration _cancellation;
    private bool _isReusable;

    private StoreCall() => _onAnswer = OnAnswer;

    /// <summary>Begins to wait.</summary>
    /// <param name="running">What the store has begun.</param>
    /// <param name="deadlines">The calls of the line.</param>
    /// <param name="dueAt">When its time is over.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static ValueTask<T> WaitAsync(TAnswer running, CallDeadlines deadlines, long dueAt, CancellationToken cancellationToken)
    {
        var call = t_free ?? new StoreCall<TAnswer, T>();
        t_free = null;

        var waiting = new ValueTask<T>(call, call._end.Version);
        call._deadlines = deadlines;
        call._answer = running;
        call.DueAt = dueAt;

        // A cancellation that comes too late must not meet another call.
        call._isReusable = !cancellationToken.CanBeCanceled;
        running.OnCompleted(call._onAnswer);
        deadlines.Add(call);
        call._cancellation = cancellationToken.UnsafeRegister(static (call, token) => ((StoreCall<TAnswer, T>)call!).Cancel(token), call);
        return waiting;
    }

    public override void TimeOut()
    {
        // Many may be due at once: none of them goes on here, where the others wait.
        _end.RunContinuationsAsynchronously = true;
        _end.SetException(new TimeoutException());
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        // One that ended in time is done with: nobody else knows of it.
        var result = _end.GetResult(token);
        if (_isReusable)
        {
            _end.Reset();
            Reset();
            _deadlines = null;
            t_free = this;
        }

        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _end.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _end.OnCompleted(continuation, state, token, flags);

    private void OnAnswer()
    {
        var isInTime = Decide();
        if (isInTime)
        {
            _deadlines!.Remove(this);
            _cancellation.Unregister();
        }

        T result;
        try
        {
            result = _answer.GetResult();
        }
        catch (Exception fault)
        {
            // Of a late one, somebody has to look at it.
            if (isInTime)
            {
                _end.SetException(fault);
            }

            return;
        }
        finally
        {
            _answer = default;
        }

        if (isInTime)
        {
            _end.SetResult(result);
        }
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (Decide())
        {
            _deadlines!.Remove(this);
            _end.SetException(new OperationCanceledException(cancellationToken));
        }
    }
}
