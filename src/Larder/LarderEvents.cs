using System.Threading.Channels;
using Larder.Diagnostics;

namespace Larder;

/// <summary>
/// The events of a cache on this node. A handler runs on a thread of its own making, behind a bounded queue: one that is slow
/// loses events, one that throws loses that event, and neither is noticed by the cache.
/// </summary>
public sealed class LarderEvents : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private Subscription[] _subscriptions = [];

    internal LarderEvents(TimeProvider time) => _time = time;

    /// <summary>Told of what happens besides requests and invalidations, subscribers or not.</summary>
    internal Action<LarderEventKind, string, Exception?>? Happened { get; init; }

    internal bool HasSubscribers => Volatile.Read(ref _subscriptions).Length != 0;

    /// <summary>Calls a handler for each event from now on, one at a time and in their order.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="capacity">How many events wait for it at most; further ones are dropped and counted. Default: 1,024; at least 1.</param>
    /// <returns>The subscription: dispose it to end it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public LarderEventSubscription Subscribe(Action<LarderEvent> handler, int capacity = 1024)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var subscription = new Subscription(this, handler, capacity);
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, subscription];
            Audience.Join();
        }

        return subscription;
    }

    /// <summary>Ends all subscriptions.</summary>
    public void Dispose()
    {
        foreach (var subscription in Volatile.Read(ref _subscriptions))
        {
            subscription.Dispose();
        }
    }

    internal void Emit(in LarderEvent happened)
    {
        var dated = happened with { At = _time.GetUtcNow() };
        foreach (var subscription in Volatile.Read(ref _subscriptions))
        {
            subscription.Offer(dated);
        }
    }

    /// <summary>The event of a request.</summary>
    internal static LarderEventKind KindOf(RequestResult result) => result switch
    {
        RequestResult.L1Hit or RequestResult.L2Hit => LarderEventKind.Hit,
        RequestResult.StaleHit => LarderEventKind.StaleHit,
        _ => LarderEventKind.Miss,
    };

    /// <summary>Where the request found what it was answered with.</summary>
    internal static CacheLevel LevelOf(RequestResult result) => result switch
    {
        RequestResult.L1Hit => CacheLevel.L1,
        RequestResult.L2Hit => CacheLevel.L2,
        _ => CacheLevel.None,
    };

    internal void EmitIfWatched(LarderEventKind kind, string subject = "", Exception? fault = null)
    {
        Happened?.Invoke(kind, subject, fault);
        if (HasSubscribers)
        {
            Emit(new(kind, subject) { Fault = fault });
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            Subscription[] others = [.. _subscriptions.Where(other => other != subscription)];
            if (others.Length < _subscriptions.Length)
            {
                _subscriptions = others;
                Audience.Leave();
            }
        }
    }

    private sealed class Subscription : LarderEventSubscription
    {
        private readonly LarderEvents _events;
        private readonly Channel<LarderEvent> _queue;
        private long _dropped;
        private long _failed;

        public Subscription(LarderEvents events, Action<LarderEvent> handler, int capacity)
        {
            _events = events;
            _queue = Channel.CreateBounded<LarderEvent>(new BoundedChannelOptions(capacity) { SingleReader = true });
            _ = Task.Run(() => RunAsync(handler));
        }

        public override long Dropped => Volatile.Read(ref _dropped);

        public override long Failed => Volatile.Read(ref _failed);

        public void Offer(in LarderEvent happened)
        {
            if (!_queue.Writer.TryWrite(happened))
            {
                Interlocked.Increment(ref _dropped);
            }
        }

        public override void Dispose()
        {
            _events.Remove(this);
            _queue.Writer.TryComplete();
        }

        private async Task RunAsync(Action<LarderEvent> handler)
        {
            await foreach (var happened in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                try
                {
                    handler(happened);
                }
                catch (Exception)
                {
                    Interlocked.Increment(ref _failed);
                }
            }
        }
    }
}

/// <summary>A subscription to the events of a cache.</summary>
public abstract class LarderEventSubscription : IDisposable
{
    private protected LarderEventSubscription()
    {
    }

    /// <summary>How many events were dropped because the handler was too slow.</summary>
    public abstract long Dropped { get; }

    /// <summary>How many times the handler threw.</summary>
    public abstract long Failed { get; }

    /// <summary>Ends it; events that wait are still handled.</summary>
    public abstract void Dispose();
}
