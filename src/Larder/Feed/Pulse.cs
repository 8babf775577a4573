using Larder.Inspection;
using Larder.Invalidations;
using Larder.Reads;
using Larder.Recovery;
using Larder.Stores;

namespace Larder.Feed;

/// <summary>
/// The heartbeat of a cache with a store. Every second it connects if need be, sends an echo through the feed, compares
/// the tag clock, and delivers what could not be delivered before.
/// </summary>
internal sealed class Pulse : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CacheNode _node;
    private readonly StoreLine _line;
    private readonly StoreReads _reads;
    private readonly Invalidator _invalidator;
    private readonly NodeTalk? _talk;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;
    private Task? _starting;

    public Pulse(CacheNode node, StoreLine line, StoreReads reads, Invalidator invalidator, NodeTalk? talk)
    {
        _talk = talk;
        _reads = reads;
        _node = node;
        _line = line;
        _invalidator = invalidator;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Completes after the first pulse, whether it came through or not.</summary>
    public Task First => _first.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Period, _node.Clock.Provider);
        try
        {
            await BeatAsync().ConfigureAwait(false);

            // It waits for the next tick before it is ready: whoever waits for that may move the clock at once.
            var next = GoOnAsync(timer);
            _first.TrySetResult();
            await next.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            _first.TrySetResult();
        }
    }

    private async Task GoOnAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            await BeatAsync().ConfigureAwait(false);
        }
    }

    // Connecting may take longer than an operation: an attempt that is under way is waited for at the next beat again.
    private async Task StartAsync()
    {
        if (_starting is null or { IsFaulted: true } or { IsCanceled: true })
        {
            _starting = _line.Store.StartAsync(_node.Feed!, _stop.Token).AsTask();
        }

        if (!_starting.IsCompletedSuccessfully)
        {
            await _line.BoundAsync(StoreOperation.Start, new ValueTask(_starting), _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            await StartAsync().ConfigureAwait(false);
            var sentAt = _node.Clock.Now;
            var asOf = _node.Tags.Forgets;
            var echo = _node.Feed!.NextEcho();
            var reading = await _line.BoundAsync(StoreOperation.Pulse, _line.Store.PulseAsync(echo, _stop.Token), _stop.Token).ConfigureAwait(false);
            _line.Up();
            _talk?.Beat();
            if (_node.Can(StoreCapabilities.Feed))
            {
                // Its own echo may have come before this answer, and the first one makes the node forget.
                if (!_node.Tags.Learn(reading, [], asOf))
                {
                    await _reads.LearnTagsAsync(_line, null, _stop.Token).ConfigureAwait(false);
                }
            }
            else
            {
                _node.Tags.LearnUnheard(reading, [], asOf);
                _node.Trust.Extend(MonotonicClock.After(sentAt, _node.Options.MaxStaleness));
            }

            await _invalidator.RetryAsync(_line).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // While it stops, what is under way is cancelled, or has timed out at that moment.
            if (!_stop.IsCancellationRequested)
            {
                Log.StoreFault(_node.Log, "pulse", fault);
            }
        }
    }
}
