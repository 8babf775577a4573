using Larder.Flights;
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
    /// <param name="factory">The factory.</param>
    /// <param name="line">The way to L2.</param>
    /// <param name="leases">The leases to renew, each with its key.</param>
    /// <param name="deadlines">When the callers get an answer without it, if they do.</param>
    /// <returns><see langword="true"/> if it ended; <see langword="false"/> if it has to give the key up.</returns>
    public async ValueTask<bool> WaitAsync(
        Task factory, StoreLine? line, IReadOnlyCollection<KeyValuePair<string, LeaseToken>> leases, CallerDeadlines? deadlines)
    {
        var end = MonotonicClock.After(clock.Now, options.MaximumDuration);
        var step = TimeSpan.FromMilliseconds(options.TimeToLive.TotalMilliseconds / 3);
        var renewAt = leases.Count > 0 ? MonotonicClock.After(clock.Now, step) : MonotonicClock.Never;
        while (true)
        {
            var next = Math.Min(Math.Min(end, renewAt), deadlines?.Next ?? MonotonicClock.Never);
            if (await EndsWithinAsync(factory, TimeSpan.FromMilliseconds(Math.Max(0, next - clock.Now))).ConfigureAwait(false))
            {
                return true;
            }

            var now = clock.Now;
            if (now >= end)
            {
                return false;
            }

            deadlines?.Check(now);
            if (now >= renewAt)
            {
                renewAt = MonotonicClock.After(now, step);
                foreach (var (key, token) in leases)
                {
                    _ = RenewAsync(line!, key, token);
                }
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
            await line.BoundAsync(StoreOperation.Renew, line.Store.RenewLeaseAsync(key, token, options.TimeToLive, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The lease lapses unless the next renewal comes through; then the commit is refused, which is safe.
            Log.StoreFault(log, "renew a lease", fault);
        }
    }
}
