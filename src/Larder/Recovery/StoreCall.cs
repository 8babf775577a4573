using System.Threading.Tasks.Sources;
using Larder.Diagnostics;

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
    private StoreLine? _line;
    private StoreOperation _operation;
    private Timing _timing;
    private CancellationTokenRegistration _cancellation;
    private bool _isReusable;

    private StoreCall() => _onAnswer = OnAnswer;

    /// <summary>Waits for what the store has begun.</summary>
    /// <param name="line">The way to L2.</param>
    /// <param name="operation">What it is.</param>
    /// <param name="running">What the store has begun.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static ValueTask<T> WaitAsync(StoreLine line, StoreOperation operation, TAnswer running, CancellationToken cancellationToken)
    {
        var timing = line.Begin(operation);
        if (running.IsCompleted)
        {
            try
            {
                var result = running.GetResult();
                line.End(timing, operation);
                return new(result);
            }
            catch (Exception fault)
            {
                line.Fail(timing, operation, fault);
                return ValueTask.FromException<T>(fault);
            }
        }

        var call = t_free ?? new StoreCall<TAnswer, T>();
        t_free = null;

        var waiting = new ValueTask<T>(call, call._end.Version);
        (call._line, call._operation, call._timing, call._answer) = (line, operation, timing, running);

        // A cancellation that comes too late must not meet another call.
        call._isReusable = !cancellationToken.CanBeCanceled;
        running.OnCompleted(call._onAnswer);
        line.Add(call, operation);
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
        T result;
        try
        {
            result = _end.GetResult(token);
        }
        catch (Exception fault)
        {
            _line!.Fail(_timing, _operation, fault);
            throw;
        }

        _line!.End(_timing, _operation);
        if (_isReusable)
        {
            // It ended in time: nobody else knows of it any more.
            _end.Reset();
            Reset();
            (_line, _timing) = (null, default);
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
            _line!.Remove(this);
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
            _line!.Remove(this);
            _end.SetException(new OperationCanceledException(cancellationToken));
        }
    }
}
