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
    private readonly Lock _gate = new();
    private ChannelMessageQueue? _queue;

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

        // The library's own loop takes a message out of the queue before it calls anybody, and in that moment the message
        // is nowhere: an echo could overtake it. So nothing takes one out but Drain, under the lock; the handler of the
        // same channel is called for the wake-up only.
        _queue = await subscriber.SubscribeAsync(channels.Feed).ConfigureAwait(false);
        await subscriber.SubscribeAsync(channels.Feed, OnFeed).ConfigureAwait(false);
        await subscriber.SubscribeAsync(channels.Echo, OnEcho).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        connection.Connecting -= Interrupt;
        multiplexer.ConnectionFailed -= OnConnection;
        multiplexer.ConnectionRestored -= OnConnection;
        var subscriber = multiplexer.GetSubscriber();
        await subscriber.UnsubscribeAsync(channels.Feed, OnFeed, CommandFlags.FireAndForget).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(channels.Echo, OnEcho, CommandFlags.FireAndForget).ConfigureAwait(false);
        if (_queue is not null)
        {
            await _queue.UnsubscribeAsync(CommandFlags.FireAndForget).ConfigureAwait(false);
        }
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
