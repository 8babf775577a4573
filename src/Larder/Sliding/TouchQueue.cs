using Larder.Local;
using Larder.Recovery;
using Microsoft.Extensions.Logging;

namespace Larder.Sliding;

/// <summary>
/// Keeps the L2 copies of sliding entries alive while they are read from L1. A read queues its entry once; a quarter of
/// the sliding expiration later L2 is told, once for all reads between, how long ago the last of them was.
/// </summary>
internal sealed class TouchQueue(StoreLine line, MonotonicClock clock, ILogger log) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<CachedEntry, long> _due = new();
    private ITimer? _timer;
    private long _timerAt = MonotonicClock.Never;
    private bool _isDisposed;

    /// <summary>Tells L2 about the reads of an entry, soon.</summary>
    public void Enqueue(CachedEntry entry, long now)
    {
        if (!entry.BeginTouch())
        {
            return;
        }

        lock (_gate)
        {
            _due.Enqueue(entry, now + (entry.Sliding / 4));
            Schedule(now);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void Schedule(long now)
    {
        if (_isDisposed || !_due.TryPeek(out _, out var next) || next >= _timerAt)
        {
            return;
        }

        _timerAt = next;
        var delay = TimeSpan.FromMilliseconds(Math.Max(1, next - now));
        if (_timer is null)
        {
            _timer = clock.Provider.CreateTimer(static queue => ((TouchQueue)queue!).SendDue(), this, delay, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    private void SendDue()
    {
        var now = clock.Now;
        var due = new List<CachedEntry>();
        lock (_gate)
        {
            while (_due.TryPeek(out _, out var at) && at <= now)
            {
                due.Add(_due.Dequeue());
            }

            _timerAt = MonotonicClock.Never;
            Schedule(now);
        }

        foreach (var entry in due)
        {
            entry.TouchDone();
            _ = SendAsync(entry.Key, now - entry.LastRead);
        }
    }

    private async Task SendAsync(string key, long idle)
    {
        try
        {
            await line.BoundAsync(StoreOperation.Touch, line.Store.TouchAsync(key, TimeSpan.FromMilliseconds(Math.Max(0, idle)), CancellationToken.None))
                .ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The entry expires earlier than it would have: a miss, no more.
            Log.StoreFault(log, "touch", fault);
        }
    }
}
