using Larder.Stores;
using Microsoft.Extensions.Logging;

namespace Larder.Recovery;

/// <summary>
/// The way to L2: every operation is bounded by <see cref="LarderOptions.StoreTimeout"/>, and after one found that L2 does
/// not answer, reads go on without it until a pulse succeeds, so that a slow or dead L2 delays a reader once, not each time.
/// </summary>
internal sealed class StoreLine(ILarderStore store, TimeSpan timeout, TimeProvider time, ILogger log)
{
    private int _isDown;

    public ILarderStore Store => store;

    /// <summary>Whether the last word from L2 was silence.</summary>
    public bool IsDown => Volatile.Read(ref _isDown) != 0;

    public async ValueTask<T> BoundAsync<T>(ValueTask<T> operation, CancellationToken cancellationToken = default)
    {
        try
        {
            return operation.IsCompleted
                ? await operation.ConfigureAwait(false)
                : await operation.AsTask().WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is TimeoutException or StoreUnavailableException)
        {
            Down(fault);
            throw;
        }
    }

    public async ValueTask BoundAsync(ValueTask operation, CancellationToken cancellationToken = default)
    {
        try
        {
            if (operation.IsCompleted)
            {
                await operation.ConfigureAwait(false);
            }
            else
            {
                await operation.AsTask().WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is TimeoutException or StoreUnavailableException)
        {
            Down(fault);
            throw;
        }
    }

    /// <summary>A pulse came through.</summary>
    public void Up()
    {
        if (Interlocked.Exchange(ref _isDown, 0) != 0)
        {
            Log.StoreUp(log, store.Description);
        }
    }

    private void Down(Exception fault)
    {
        if (Interlocked.Exchange(ref _isDown, 1) == 0)
        {
            Log.StoreDown(log, store.Description, fault.GetBaseException().Message);
        }
    }
}
