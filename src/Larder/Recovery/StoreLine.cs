using Larder.Diagnostics;
using Larder.Stores;
using Microsoft.Extensions.Logging;

namespace Larder.Recovery;

/// <summary>
/// The way to L2: every operation is bounded by the time-out of its class, and after one found that L2 does not answer, reads
/// go on without it until a pulse succeeds, so that a slow or dead L2 delays a reader once, not each time.
/// </summary>
internal sealed class StoreLine(ILarderStore store, LarderOptions options, MonotonicClock clock, Telemetry telemetry, ILogger log)
{
    private int _isDown;
    private long _downSince;

    public ILarderStore Store => store;

    /// <summary>The times of its calls.</summary>
    public CallDeadlines Deadlines { get; } = new(clock);

    /// <summary>Whether the last word from L2 was silence.</summary>
    public bool IsDown => Volatile.Read(ref _isDown) != 0;

    /// <summary>Since when, if it is.</summary>
    public long DownSince => Volatile.Read(ref _downSince);

    /// <summary>Waits for an operation, no longer than its class may take.</summary>
    public ValueTask<T> BoundAsync<T>(StoreOperation operation, ValueTask<T> running, CancellationToken cancellationToken = default) =>
        StoreCall<StoreAsk<T>, T>.WaitAsync(this, operation, new(running), cancellationToken);

    /// <inheritdoc cref="BoundAsync{T}"/>
    /// <returns>When it has ended; the result says nothing.</returns>
    public ValueTask<bool> BoundAsync(StoreOperation operation, ValueTask running, CancellationToken cancellationToken = default) =>
        StoreCall<StoreChange, bool>.WaitAsync(this, operation, new(running), cancellationToken);

    /// <summary>An operation begins.</summary>
    public Timing Begin(StoreOperation operation) => telemetry.BeginStore(operation);

    /// <summary>Lets the time of a call run.</summary>
    public void Start(StoreCall call, StoreOperation operation) => Deadlines.Start(call, options.TimeoutOf(operation));

    /// <summary>A pulse came through.</summary>
    public void Up()
    {
        if (IsDown && clock.Now >= MonotonicClock.After(DownSince, options.Store.BreakerDuration) && Interlocked.Exchange(ref _isDown, 0) != 0)
        {
            Log.StoreUp(log, store.Description);
            telemetry.Events.EmitIfWatched(LarderEventKind.StoreUp);
        }
    }

    /// <summary>An operation has ended well.</summary>
    public void End(Timing timing, StoreOperation operation) => telemetry.EndStore(timing, operation, null);

    /// <summary>An operation has ended with a fault.</summary>
    public void Fail(Timing timing, StoreOperation operation, Exception fault)
    {
        telemetry.EndStore(timing, operation, fault);
        if (fault is TimeoutException or StoreUnavailableException)
        {
            Volatile.Write(ref _downSince, clock.Now);
            if (Interlocked.Exchange(ref _isDown, 1) == 0)
            {
                Log.StoreDown(log, store.Description, fault.GetBaseException().Message);
                telemetry.Events.EmitIfWatched(LarderEventKind.StoreDown, fault: fault);
            }
        }
    }
}
