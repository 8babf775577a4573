using Larder.Inspection;
using Larder.Stores;
using Larder.Tags;

namespace Larder.Feed;

/// <summary>
/// What this node does with the feed: it drops the L1 copies that others changed, learns tag numbers, wakes those who
/// wait for a lease, and decides whether L1 is trusted.
/// </summary>
internal sealed class FeedListener(string nodeId, CacheNode node) : IFeedObserver
{
    private readonly Lock _gate = new();
    private readonly Publishers _publishers = new(node.Clock);
    private readonly Queue<Echo> _echoes = new();
    private long _lastEcho;

    // Whether the feed is known to arrive: an echo came back since it was last interrupted.
    private bool _isAttached;

    /// <summary>The last echo that came back; <see langword="null"/> if none did.</summary>
    public ReceivedEcho? LastEcho { get; private set; }

    /// <summary>When messages may have been missed for the last time; <see langword="null"/> if never.</summary>
    public FeedLoss? LastLoss { get; private set; }

    /// <summary>Numbers an echo that is about to be sent, and notes when.</summary>
    public long NextEcho()
    {
        lock (_gate)
        {
            _echoes.Enqueue(new Echo(++_lastEcho, node.Clock.Now));
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
                    node.Tags.Forget();
                    node.Trust.BeginEpoch();
                    Lose(FeedLossReason.Gap);
                }
            }
        }

        var (kind, subject) = MeaningOf(message.Change, message.Subject);
        if (kind is { } known)
        {
            node.Telemetry.Watch?.Received(known, subject, message);
            if (!isOwn)
            {
                node.Note(known, [subject], message.Publisher);
            }
        }

        if (message.Change == FeedChange.Tag)
        {
            node.Tags.Learn(message.Subject, message.Stamp);
            return;
        }

        // Its own changes were applied when they were made; doing it again would evict what was just written.
        if (!isOwn)
        {
            Drop(message.Change, message.Subject);
        }

        Signal(message.Change, message.Subject);
    }

    /// <summary>
    /// A message of another node, where a backplane stands in for the feed. It says nothing of those that may have been lost
    /// before it: it drops what it is about, and nothing is trusted for it.
    /// </summary>
    /// <param name="message">The message; its number is not looked at.</param>
    public void OnBackplane(in FeedMessage message)
    {
        var (change, subject) = (message.Change, message.Subject);
        var (kind, name) = MeaningOf(change, subject);
        if (kind is { } known)
        {
            node.Note(known, [name], message.Publisher);
        }

        if (change == FeedChange.Tag)
        {
            // Its number would hide that of another tag whose message was lost: the store is asked for all of them.
            node.Tags.Doubt(message.Stamp);
        }
        else if (change == FeedChange.Commit && !node.Can(StoreCapabilities.Leases))
        {
            // Nothing was invalidated, and without leases all nodes commit: if that ended each other's loads, those that run at the
            // same time would never be kept.
            node.Local.Drop(subject);
        }
        else
        {
            Drop(change, subject);
        }

        Signal(change, subject);
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
            node.Tags.Forget();
            if (_isAttached)
            {
                _isAttached = false;
                node.Trust.Withdraw(node.Clock.Now);
                Lose(FeedLossReason.Interrupted);
            }
        }
    }

    private void Lose(FeedLossReason reason)
    {
        LastLoss = new(node.Clock.Now, reason);
        node.Telemetry.Lost();
    }

    private void Attach(long sentAt)
    {
        if (!_isAttached)
        {
            // What was stored between the interruption and now may have missed its invalidation while nobody listened.
            node.Trust.BeginEpoch();
            node.Tags.Forget();
            _isAttached = true;
        }

        var now = node.Clock.Now;
        LastEcho = new(now, now - sentAt);
        node.Telemetry.Lag(TimeSpan.FromMilliseconds(now - sentAt));
        node.Trust.Extend(MonotonicClock.After(sentAt, node.Options.MaxStaleness));
    }

    private void Drop(FeedChange change, string key)
    {
        switch (change)
        {
            case FeedChange.Set or FeedChange.Commit or FeedChange.Remove:
                node.Local.Invalidate(key);
                break;
            case FeedChange.Expire:
                node.Local.Expire(key);
                break;
        }
    }

    private void Signal(FeedChange change, string key)
    {
        if (change is FeedChange.Set or FeedChange.Commit or FeedChange.Remove or FeedChange.Expire or FeedChange.Release)
        {
            node.Waits.Signal(key);
        }
    }

    private static (LarderEventKind? Kind, string Subject) MeaningOf(FeedChange change, string subject) =>
        change == FeedChange.Tag && ExpiryTag.Is(subject, out var tag) ? (LarderEventKind.ExpireTag, tag) : (KindOf(change), subject);

    private static LarderEventKind? KindOf(FeedChange change) => change switch
    {
        FeedChange.Set => LarderEventKind.Set,
        FeedChange.Commit => LarderEventKind.Commit,
        FeedChange.Remove => LarderEventKind.Remove,
        FeedChange.Expire => LarderEventKind.Expire,
        FeedChange.Tag => LarderEventKind.Tag,
        _ => null,
    };

    private readonly record struct Echo(long Number, long SentAt);
}

/// <summary>An echo that came back.</summary>
/// <param name="At">When.</param>
/// <param name="Lag">How long it took, in ms.</param>
internal sealed record ReceivedEcho(long At, long Lag);

/// <summary>Messages that may have been missed.</summary>
/// <param name="At">When this was noticed.</param>
/// <param name="Reason">Why.</param>
internal sealed record FeedLoss(long At, FeedLossReason Reason);
