namespace Larder.Recovery;

/// <summary>
/// The times of the calls of L2, and one timer for all of them: it is set to the first moment at which one of them may be due,
/// and most have ended by then. A call that has ended stays in the list, to be used again without a lock: a timer for each call,
/// or a list that it enters and leaves, costs more than the call's other bookkeeping together.
/// </summary>
internal sealed class CallDeadlines
{
    private const int SmallestSweep = 64;

    private readonly Lock _gate = new();
    private readonly MonotonicClock _clock;
    private readonly ITimer _timer;
    private readonly List<StoreCall> _calls = [];
    private long _timerAt = MonotonicClock.Never;
    private int _sweepAt = SmallestSweep;

    public CallDeadlines(MonotonicClock clock)
    {
        _clock = clock;
        _timer = clock.Provider.CreateTimer(
            static deadlines => ((CallDeadlines)deadlines!).EndDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets the call's time run, until it is decided how it ends.</summary>
    public void Start(StoreCall call, TimeSpan? timeout)
    {
        var dueAt = MonotonicClock.After(_clock.Now, timeout);
        var isListed = call.Begin(dueAt);

        // EndDue sets the timer's time and then looks at the calls, here it is the other way round: one of the two sees the other.
        if (isListed && dueAt >= Volatile.Read(ref _timerAt))
        {
            return;
        }

        lock (_gate)
        {
            if (!isListed)
            {
                Add(call);
            }

            Schedule(dueAt);
        }
    }

    private void Add(StoreCall call)
    {
        if (_calls.Count >= _sweepAt)
        {
            // Those that nobody uses again, and those in a pause.
            _calls.RemoveAll(static call => call.Unlist());
            _sweepAt = Math.Max(SmallestSweep, 2 * _calls.Count);
        }

        _calls.Add(call);
    }

    private void EndDue()
    {
        List<StoreCall>? due = null;
        lock (_gate)
        {
            Interlocked.Exchange(ref _timerAt, MonotonicClock.Never);
            var (now, next) = (_clock.Now, MonotonicClock.Never);
            foreach (var call in _calls)
            {
                var dueAt = call.DueAt;
                if (dueAt > now)
                {
                    next = Math.Min(next, dueAt);
                }
                else if (dueAt >= 0 && call.DecideDue(dueAt))
                {
                    (due ??= []).Add(call);
                }
            }

            Schedule(next);
        }

        due?.ForEach(static call => call.TimeOut());
    }

    private void Schedule(long at)
    {
        if (at < _timerAt)
        {
            Volatile.Write(ref _timerAt, at);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, at - _clock.Now)), Timeout.InfiniteTimeSpan);
        }
    }
}
