namespace Larder.Recovery;

/// <summary>
/// The calls of L2 under way, and one timer for all of them: it is set to the first moment at which one of them may be due, and
/// most have ended by then. A timer for each call costs more than the call's other bookkeeping together.
/// </summary>
internal sealed class CallDeadlines
{
    private readonly Lock _gate = new();
    private readonly MonotonicClock _clock;
    private readonly ITimer _timer;
    private StoreCall? _first;
    private long _timerAt = MonotonicClock.Never;

    public CallDeadlines(MonotonicClock clock)
    {
        _clock = clock;
        _timer = clock.Provider.CreateTimer(
            static deadlines => ((CallDeadlines)deadlines!).EndDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(StoreCall call)
    {
        lock (_gate)
        {
            call.Next = _first;
            _first?.Previous = call;
            _first = call;
            call.IsListed = true;
            Schedule(call.DueAt);
        }
    }

    public void Remove(StoreCall call)
    {
        lock (_gate)
        {
            Unlink(call);
        }
    }

    private void EndDue()
    {
        List<StoreCall>? due = null;
        lock (_gate)
        {
            var (now, next) = (_clock.Now, MonotonicClock.Never);
            StoreCall? behind;
            for (var call = _first; call is not null; call = behind)
            {
                behind = call.Next;
                if (call.DueAt > now)
                {
                    next = Math.Min(next, call.DueAt);
                    continue;
                }

                Unlink(call);
                if (call.Decide())
                {
                    (due ??= []).Add(call);
                }
            }

            _timerAt = MonotonicClock.Never;
            Schedule(next);
        }

        due?.ForEach(static call => call.TimeOut());
    }

    private void Schedule(long at)
    {
        if (at < _timerAt)
        {
            _timerAt = at;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, at - _clock.Now)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Unlink(StoreCall call)
    {
        if (!call.IsListed)
        {
            return;
        }

        call.IsListed = false;
        call.Next?.Previous = call.Previous;
        call.Previous?.Next = call.Next;
        if (ReferenceEquals(_first, call))
        {
            _first = call.Next;
        }

        (call.Next, call.Previous) = (null, null);
    }
}
