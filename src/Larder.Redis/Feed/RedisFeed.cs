using System.Diagnostics;
using Larder.Redis.Connections;
using Larder.Stores;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Larder.Redis.Feed;

/// <summary>
/// Listens to the feed's channel and to this node's echo channel, on one connection, and passes both on in the order in
/// which the server sent them.
/// </summary>
internal sealed class RedisFeed(
    IConnectionMultiplexer multiplexer, RedisConnection connection, FeedChannels channels, IFeedObserver observer, ILogger log)
    : IAsyncDisposable
{
    private const int SilentPulses = 3;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private ChannelMessageQueue? _queue;
    private Task _renewing = Task.CompletedTask;
    private int _unheard;
    private long _heardAt;

    public async Task StartAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        connection.Connecting += Interrupt;
        multiplexer.ConnectionFailed += OnConnection;
        multiplexer.ConnectionRestored += OnConnection;
        var subscriber = multiplexer.GetSubscriber();

        // The library connects twice, and is done when it can send commands; what receives messages follows in a moment.
        for (var wait = 0; wait < 100 && multiplexer.IsConnected && !subscriber.IsConnected(); wait++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken).ConfigureAwait(false);
        }

        await SubscribeAsync(subscriber).ConfigureAwait(false);
    }

    /// <summary>
    /// A pulse was answered, so that its echo was sent. Where none of several came, the connections stand and the subscription
    /// does not: it is made anew.
    /// </summary>
    /// <param name="renewed">Called when it was.</param>
    public void OnPulse(Func<Task> renewed)
    {
        // The count alone would take a test's clock, which jumps, for silence; the time alone a process that was frozen.
        if (Interlocked.Increment(ref _unheard) >= SilentPulses
            && Stopwatch.GetElapsedTime(Volatile.Read(ref _heardAt)) >= Silence
            && _renewing.IsCompleted)
        {
            Hear();
            _renewing = RenewAsync(renewed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        connection.Connecting -= Interrupt;
        multiplexer.ConnectionFailed -= OnConnection;
        multiplexer.ConnectionRestored -= OnConnection;
        await _renewing.ConfigureAwait(false);
        await UnsubscribeAsync(multiplexer.GetSubscriber()).ConfigureAwait(false);
    }

    private async Task SubscribeAsync(ISubscriber subscriber)
    {
        Hear();

        // The library's own loop takes a message out of the queue before it calls anybody, and in that moment the message
        // is nowhere: an echo could overtake it. So nothing takes one out but Drain, under the lock; the handler of the
        // same channel is called for the wake-up only.
        _queue = await subscriber.SubscribeAsync(channels.Feed).ConfigureAwait(false);
        await subscriber.SubscribeAsync(channels.Feed, OnFeed).ConfigureAwait(false);
        await subscriber.SubscribeAsync(channels.Echo, OnEcho).ConfigureAwait(false);
    }

    private async Task UnsubscribeAsync(ISubscriber subscriber)
    {
        await subscriber.UnsubscribeAsync(channels.Feed, OnFeed, CommandFlags.FireAndForget).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(channels.Echo, OnEcho, CommandFlags.FireAndForget).ConfigureAwait(false);
        if (_queue is not null)
        {
            await _queue.UnsubscribeAsync(CommandFlags.FireAndForget).ConfigureAwait(false);
        }
    }

    private async Task RenewAsync(Func<Task> renewed)
    {
        Log.NoEchoes(log);
        Interrupt();
        try
        {
            var subscriber = multiplexer.GetSubscriber();
            await UnsubscribeAsync(subscriber).ConfigureAwait(false);
            await SubscribeAsync(subscriber).ConfigureAwait(false);
            await renewed().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException)
        {
            // There will be another silence.
            Log.NotRenewed(log, fault);
        }
    }

    private void Hear()
    {
        Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());
        Volatile.Write(ref _unheard, 0);
    }

    private void OnFeed(RedisChannel channel, RedisValue message)
    {
        lock (_gate)
        {
            Drain();
        }
    }

    private void OnEcho(RedisChannel channel, RedisValue message)
    {
        Hear();
        lock (_gate)
        {
            // The reader of the connection puts each message into the queue before it reads the next one: what was
            // published before this echo is there by now.
            Drain();
            if (message.TryParse(out long number))
            {
                observer.OnEcho(number);
            }
        }
    }

    private void Drain()
    {
        while (_queue!.TryRead(out var message))
        {
            Pass(message);
        }
    }

    private void Pass(ChannelMessage message)
    {
        if (FeedFormat.TryParse((string?)message.Message ?? string.Empty, out var parsed))
        {
            observer.OnMessage(parsed);
        }
        else
        {
            Log.UnknownMessage(log);
            observer.OnInterrupted();
        }
    }

    private void OnConnection(object? sender, ConnectionFailedEventArgs e) => Interrupt();

    private void Interrupt()
    {
        lock (_gate)
        {
            observer.OnInterrupted();
        }
    }
}

/// <summary>The channels that a node listens to.</summary>
/// <param name="Feed">What all nodes publish on.</param>
/// <param name="Echo">The node's own.</param>
internal readonly record struct FeedChannels(RedisChannel Feed, RedisChannel Echo);
