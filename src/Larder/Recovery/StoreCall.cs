using System.Threading.Tasks.Sources;
using Larder.Diagnostics;

namespace Larder.Recovery;

/// <summary>A call of L2, under way or to be used again, whose time <see cref="CallDeadlines"/> watches.</summary>
internal abstract class StoreCall
{
    // A moment of the clock is never negative.
    private const long Over = -1;
    private const long Unlisted = -2;

    // When its time is over, while it is under way: one word, so that whoever ends it decides by the change of it, and it can
    // begin anew without anybody who still looks at it taking the next operation for the last.
    private long _dueAt = Unlisted;

    /// <summary>When the time is over of what is under way; negative if nothing is.</summary>
    public long DueAt => Volatile.Read(ref _dueAt);

    /// <summary>Something is under way.</summary>
    /// <returns>Whether <see cref="CallDeadlines"/> has it in its list.</returns>
    public bool Begin(long dueAt) => Interlocked.Exchange(ref _dueAt, dueAt) != Unlisted;

    /// <summary>Whether the caller of this is the first to say how the call ends.</summary>
    public bool Decide() => Interlocked.Exchange(ref _dueAt, Over) >= 0;

    /// <summary>As <see cref="Decide"/>, if what is under way is due at <paramref name="dueAt"/>.</summary>
    public bool DecideDue(long dueAt) => Interlocked.CompareExchange(ref _dueAt, Over, dueAt) == dueAt;

    /// <summary>Whether it can leave the list: nothing is under way.</summary>
    public bool Unlist() => Interlocked.CompareExchange(ref _dueAt, Unlisted, Over) == Over;

    /// <summary>Lets whoever waits go on without an answer. <see cref="DecideDue"/> first.</summary>
    public abstract void TimeOut();
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
    private readonly CallDeadlines _deadlines;
    private ManualResetValueTaskSourceCore<T> _end;
    private TAnswer _answer;
    private StoreLine? _line;
    private StoreOperation _operation;
    private Timing _timing;
    private CancellationTokenRegistration _cancellation;

    private StoreCall(CallDeadlines deadlines) => (_deadlines, _onAnswer) = (deadlines, OnAnswer);

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

        var call = t_free is { } free && ReferenceEquals(free._deadlines, line.Deadlines) ? free : new(line.Deadlines);
        t_free = null;

        var waiting = new ValueTask<T>(call, call._end.Version);
        (call._line, call._operation, call._timing, call._answer) = (line, operation, timing, running);
        line.Start(call, operation);
        call._cancellation = cancellationToken.UnsafeRegister(static (call, token) => ((StoreCall<TAnswer, T>)call!).Cancel(token), call);

        // It may have come meanwhile: who waits for what is over is called by the pool.
        if (running.IsCompleted)
        {
            call.OnAnswer();
        }
        else
        {
            running.OnCompleted(call._onAnswer);
        }

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
        // One that comes too late must not meet another call.
        var isCancelled = _cancellation != default && !_cancellation.Unregister();
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
        if (!isCancelled)
        {
            // It ended in time: nobody else waits for it any more.
            _end.Reset();
            (_line, _timing, _cancellation) = (null, default, default);
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
            _end.SetException(new OperationCanceledException(cancellationToken));
        }
    }
}
