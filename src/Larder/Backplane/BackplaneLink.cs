using System.Threading.Channels;
using Larder.Feed;
using Larder.Stores;
using Microsoft.Extensions.Logging;

namespace Larder.Backplane;

/// <summary>
/// This node's end of the backplane. What it sends waits in a bounded queue, so that nobody who calls the cache waits for the
/// app's transport; what does not get out within <see cref="LarderOptions.MaxStaleness"/> is dropped, because by then the copies
/// that it was about are gone by themselves.
/// </summary>
internal sealed class BackplaneLink : IAsyncDisposable
{
    private const int Capacity = 10_000;
    private const int MostAtOnce = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private readonly ILarderBackplane _backplane;
    private readonly StoreContext _context;
    private readonly TimeSpan _maxStaleness;
    private readonly ILogger _log;
    private readonly string _channel;
    private readonly MonotonicClock _clock;
    private readonly Channel<Outgoing> _queue = Channel.CreateBounded<Outgoing>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;
    private FeedListener? _listener;
    private bool _isPublishingDown;
    private int _isUnreadable;

    public BackplaneLink(string name, ILarderBackplane backplane, StoreContext context, TimeSpan maxStaleness, ILogger log)
    {
        Name = name;
        _backplane = backplane;
        _context = context;
        _maxStaleness = maxStaleness;
        _log = log;
        _channel = context.KeyPrefix + KeyRules.Reserved + "messages";
        _clock = new MonotonicClock(context.TimeProvider);
    }

    /// <summary>What the backplane is called in the log.</summary>
    public string Name { get; }

    /// <summary>Begins to send, and to hand on what others send.</summary>
    public void Start(FeedListener listener)
    {
        _listener = listener;
        _sending = Task.Run(SendAsync);
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>Tells the other nodes, some time soon.</summary>
    public void Tell(FeedChange change, IReadOnlyCollection<string> subjects, TagStamp stamp = default) =>
        _queue.Writer.TryWrite(new(change, stamp, subjects, _clock.Now));

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (!_isPublishingDown)
        {
            // What was invalidated in the last moments goes out.
            await GiveUpAfterPatience(_sending).ConfigureAwait(false);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await GiveUpAfterPatience(Task.WhenAll(_sending, _listening)).ConfigureAwait(false);
        try
        {
            await _backplane.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Log.BackplaneDown(_log, Name, "end", fault);
        }

        _stop.Dispose();
    }

    private async Task GiveUpAfterPatience(Task task)
    {
        try
        {
            await task.WaitAsync(Patience, _context.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }

    private async Task SendAsync()
    {
        var queue = _queue.Reader;
        try
        {
            while (await queue.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                var waiting = new List<Outgoing>();
                while (waiting.Count < MostAtOnce && queue.TryRead(out var outgoing))
                {
                    waiting.Add(outgoing);
                }

                // Each of them only drops copies: their order does not matter.
                foreach (var alike in waiting.GroupBy(static outgoing => (outgoing.Change, outgoing.Stamp)))
                {
                    string[] subjects = [.. alike.SelectMany(static outgoing => outgoing.Subjects).Distinct(StringComparer.Ordinal)];
                    var usefulUntil = MonotonicClock.After(alike.Max(static outgoing => outgoing.At), _maxStaleness);
                    foreach (var message in new BackplaneMessage(_context.NodeId, alike.Key.Change, alike.Key.Stamp, subjects).Split())
                    {
                        await PublishAsync(message, usefulUntil).ConfigureAwait(false);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The cache has ended.
        }
    }

    private async Task PublishAsync(BackplaneMessage message, long usefulUntil)
    {
        if (MonotonicClock.Until(usefulUntil, _clock.Now) is not { } left || left == TimeSpan.Zero)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(left, _context.TimeProvider);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        try
        {
            // Waited for no longer than that, whether it heeds the token or not.
            await _backplane.PublishAsync(_channel, message.Write(), ended.Token).AsTask().WaitAsync(ended.Token).ConfigureAwait(false);
            if (_isPublishingDown)
            {
                _isPublishingDown = false;
                Log.BackplaneUp(_log, Name, "publish");
            }
        }
        catch (Exception fault)
        {
            if (!_isPublishingDown && !_stop.IsCancellationRequested)
            {
                _isPublishingDown = true;
                Log.BackplaneDown(_log, Name, "publish", fault);
            }
        }
    }

    private async Task ListenAsync()
    {
        var isDown = false;
        try
        {
            while (!await TryListenAsync(isDown).ConfigureAwait(false))
            {
                isDown = true;
                await Task.Delay(RetryPeriod, _context.TimeProvider, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The cache has ended.
        }
    }

    private async Task<bool> TryListenAsync(bool isDown)
    {
        try
        {
            await _backplane.SubscribeAsync(_channel, Receive, _stop.Token).ConfigureAwait(false);
            if (isDown)
            {
                Log.BackplaneUp(_log, Name, "subscribe");
            }

            return true;
        }
        catch (Exception fault)
        {
            if (!isDown && !_stop.IsCancellationRequested)
            {
                Log.BackplaneDown(_log, Name, "subscribe", fault);
            }

            return false;
        }
    }

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        var isRead = BackplaneMessage.TryRead(bytes, out var message);
        if (Interlocked.Exchange(ref _isUnreadable, isRead ? 0 : 1) == 0 && !isRead)
        {
            Log.UnreadableMessage(_log, Name);
        }

        if (message is null || message.Publisher == _context.NodeId)
        {
            return;
        }

        foreach (var subject in message.Subjects)
        {
            _listener!.OnBackplane(new FeedMessage(message.Publisher, 0, message.Change, subject, message.Stamp));
        }
    }

    private readonly record struct Outgoing(FeedChange Change, TagStamp Stamp, IReadOnlyCollection<string> Subjects, long At);
}
