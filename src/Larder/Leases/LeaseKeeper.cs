using Larder.Recovery;
using Larder.Stores;
using Microsoft.Extensions.Logging;

namespace Larder.Leases;

/// <summary>
/// Waits for a factory, and renews its lease meanwhile, up to the time for which a factory may keep a key to itself.
/// </summary>
internal sealed class LeaseKeeper(LeaseOptions options, MonotonicClock clock, ILogger log)
{
    /// <summary>Waits for <paramref name="factory"/>, but no longer than it may keep the key.</summary>
    /// <returns><see langword="true"/> if it ended; <see langword="false"/> if it has to give the key up.</returns>
    public async ValueTask<bool> WaitAsync(Task factory, StoreLine? line, string key, Grant grant)
    {
        var end = MonotonicClock.After(clock.Now, options.MaximumDuration);
        var step = TimeSpan.FromMilliseconds(options.TimeToLive.TotalMilliseconds / 3);
        while (true)
        {
            var left = TimeSpan.FromMilliseconds(Math.Max(0, end - clock.Now));
            var wait = grant.IsLease && step < left ? step : left;
            if (await EndsWithinAsync(factory, wait).ConfigureAwait(false))
            {
                return true;
            }

            if (clock.Now >= end)
            {
                return false;
            }

            if (grant.IsLease)
            {
                _ = RenewAsync(line!, key, grant.Token);
            }
        }
    }

    private async ValueTask<bool> EndsWithinAsync(Task factory, TimeSpan time)
    {
        using var stop = new CancellationTokenSource();
        var delay = Task.Delay(time, clock.Provider, stop.Token);
        var first = await Task.WhenAny(factory, delay).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        return first == factory;
    }

    private async Task RenewAsync(StoreLine line, string key, LeaseToken token)
    {
        try
        {
            await line.BoundAsync(line.Store.RenewLeaseAsync(key, token, options.TimeToLive, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The lease lapses unless the next renewal comes through; then the commit is refused, which is safe.
            Log.StoreFault(log, "renew a lease", fault);
        }
    }
}
