using Larder.Fences;
using Larder.Leases;
using Larder.Stores;
using Larder.Tags;

namespace Larder.Feed;

/// <summary>
/// What this node does with the feed: it drops the L1 copies that others changed, learns tag numbers, wakes those who
/// wait for a lease, and decides whether L1 is trusted.
/// </summary>
internal sealed class FeedListener(string nodeId, FencedLocal local, Trust trust, TagClock tags, LeaseWaits waits, MonotonicClock clock, TimeSpan maxStaleness)
    : IFeedObserver
{
    private readonly Lock _gate = new();
    private readonly Publishers _publishers = new(clock);
    private readonly Queue<Echo> _echoes = new();
    private long _lastEcho;

    // Whether the feed is known to arrive: an echo came back since it was last interrupted.
    private bool _isAttached;

    /// <summary>Numbers an echo that is about to be sent, and notes when.</summary>
    public long NextEcho()
    {
        lock (_gate)
        {
            _echoes.Enqueue(new Echo(++_lastEcho, clock.Now));
            while (_echoes.Count > 64)
            {
                _echoes.Dequeue();
            }

            return _lastEcho;
        }
    }

    public void OnMessage(in FeedMessage message)
    {
        var isOwn = message.Publisher == nodeId;
        if (!isOwn)
        {
            lock (_gate)
            {
                if (_publishers.Misses(message.Publisher, message.Number, message.Change == FeedChange.Repeat))
                {
                    tags.Forget();
                    trust.BeginEpoch();
                }
            }
        }

        switch (message.Change)
        {
            case FeedChange.Set or FeedChange.Commit or FeedChange.Remove:
                // Its own changes were applied when they were made; doing it again would evict what was just written.
                if (!isOwn)
                {
                    local.Invalidate(message.Subject);
                }

                waits.Signal(message.Subject);
                break;
            case FeedChange.Expire:
                if (!isOwn)
                {
                    local.Expire(message.Subject);
                }

                waits.Signal(message.Subject);
                break;
            case FeedChange.Release:
                waits.Signal(message.Subject);
                break;
            case FeedChange.Tag:
                tags.Learn(message.Subject, message.Stamp);
                break;
        }
    }

    public void OnEcho(long number)
    {
        lock (_gate)
        {
            // Echoes come back in the order of sending; those in front of this one were lost or belong to a past connection.
            while (_echoes.TryPeek(out var echo) && echo.Number <= number)
            {
                _echoes.Dequeue();
                if (echo.Number == number)
                {
                    Attach(echo.SentAt);
                }
            }
        }
    }

    public void OnInterrupted()
    {
        lock (_gate)
        {
            _echoes.Clear();

            // The server may be another one by now: what it is being asked at this moment counts no more.
            tags.Forget();
            if (_isAttached)
            {
                _isAttached = false;
                trust.Withdraw(clock.Now);
            }
        }
    }

    private void Attach(long sentAt)
    {
        if (!_isAttached)
        {
            // What was stored between the interruption and now may have missed its invalidation while nobody listened.
            trust.BeginEpoch();
            tags.Forget();
            _isAttached = true;
        }

        trust.Extend(MonotonicClock.After(sentAt, maxStaleness));
    }

    private readonly record struct Echo(long Number, long SentAt);
}
