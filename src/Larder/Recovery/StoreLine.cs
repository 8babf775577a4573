using System.Runtime.CompilerServices;
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
    private readonly CallDeadlines _deadlines = new(clock);
    private int _isDown;
    private long _downSince;

    public ILarderStore Store => store;

    /// <summary>Whether the last word from L2 was silence.</summary>
    public bool IsDown => Volatile.Read(ref _isDown) != 0;

    /// <summary>Since when, if it is.</summary>
    public long DownSince => Volatile.Read(ref _downSince);

    /// <summary>Waits for an operation, no longer than its class may take.</summary>
    public ValueTask<T> BoundAsync<T>(StoreOperation operation, ValueTask<T> running, CancellationToken cancellationToken = default) =>
        BoundAsync<StoreAsk<T>, T>(operation, new(running), cancellationToken);

    /// <inheritdoc cref="BoundAsync{T}"/>
    /// <returns>When it has ended; the result says nothing.</returns>
    public ValueTask<bool> BoundAsync(StoreOperation operation, ValueTask running, CancellationToken cancellationToken = default) =>
        BoundAsync<StoreChange, bool>(operation, new(running), cancellationToken);

    /// <summary>A pulse came through.</summary>
    public void Up()
    {
        if (IsDown && clock.Now >= MonotonicClock.After(DownSince, options.Store.BreakerDuration) && Interlocked.Exchange(ref _isDown, 0) != 0)
        {
            Log.StoreUp(log, store.Description);
            telemetry.Events.EmitIfWatched(LarderEventKind.StoreUp);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T> BoundAsync<TAnswer, T>(StoreOperation operation, TAnswer running, CancellationToken cancellationToken)
        where TAnswer : struct, IStoreAnswer<T>
    {
        var timing = telemetry.BeginStore(operation);
        try
        {
            var result = running.IsCompleted
                ? running.GetResult()
                : await StoreCall<TAnswer, T>.WaitAsync(running, _deadlines, MonotonicClock.After(clock.Now, options.TimeoutOf(operation)), cancellationToken)
                    .ConfigureAwait(false);
            telemetry.EndStore(timing, operation, null);
            return result;
        }
        catch (Exception fault)
        {
            Fail(timing, operation, fault);
            throw;
        }
    }

    private void Fail(Timing timing, StoreOperation operation, Exception fault)
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
