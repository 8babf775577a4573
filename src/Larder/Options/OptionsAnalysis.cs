using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Options;

/// <summary>
/// Finds settings that contradict each other, or surely don't mean what they say. None of them keeps the cache from working:
/// each is one warning at start.
/// </summary>
internal static class OptionsAnalysis
{
    /// <summary>The findings, a sentence each.</summary>
    /// <param name="options">The options, each valid for itself.</param>
    /// <param name="capabilities">What the store can do; <see langword="null"/> if there is none.</param>
    public static IEnumerable<string> Find(LarderOptions options, StoreCapabilities? capabilities) =>
        Findings(options, options.DefaultEntryOptions, capabilities).Where(static finding => finding.IsTrue).Select(static finding => finding.Text);

    private static IEnumerable<(bool IsTrue, string Text)> Findings(LarderOptions options, LarderEntryOptions entry, StoreCapabilities? capabilities)
    {
        var hasFailSafe = entry.FailSafe?.MaximumDuration > TimeSpan.Zero;
        var flags = entry.Flags.GetValueOrDefault();
        yield return (
            entry.LocalCacheExpiration > entry.Expiration,
            $"LocalCacheExpiration ({entry.LocalCacheExpiration}) is longer than Expiration ({entry.Expiration}): it has no effect.");
        yield return (
            entry.SlidingExpiration >= entry.Expiration,
            $"SlidingExpiration ({entry.SlidingExpiration}) is not shorter than Expiration ({entry.Expiration}): entries never slide.");
        yield return (
            entry.NullExpiration is not null && entry.CacheNull == false,
            "NullExpiration is set, but CacheNull is false: it has no effect.");
        yield return (
            entry.Jitter > entry.Expiration,
            $"Jitter ({entry.Jitter}) is longer than Expiration ({entry.Expiration}): entries live more than twice as long as Expiration says.");
        yield return (
            entry.EagerRefresh is not null && entry is { SlidingExpiration: not null, Expiration: null },
            "EagerRefresh is set, but entries have a sliding expiration alone: it has no effect.");
        yield return (
            hasFailSafe && entry.FailSafe!.Throttle > entry.FailSafe.MaximumDuration,
            $"FailSafe:Throttle ({entry.FailSafe?.Throttle}) is longer than FailSafe:MaximumDuration ({entry.FailSafe?.MaximumDuration}): after one failure the origin is not asked again before the value is gone.");
        yield return (
            entry.FactoryTimeout?.Soft is not null && !hasFailSafe,
            "FactoryTimeout:Soft is set, but fail-safe is off (FailSafe:MaximumDuration): there is never an expired value to answer with.");
        yield return (
            entry.FactoryTimeout?.Hard > options.Lease.MaximumDuration,
            $"FactoryTimeout:Hard ({entry.FactoryTimeout?.Hard}) is longer than Lease:MaximumDuration ({options.Lease.MaximumDuration}): the key is given up before.");
        yield return (
            capabilities is not null && options.StoreTimeout > options.Lease.TimeToLive,
            $"StoreTimeout ({options.StoreTimeout}) is longer than Lease:TimeToLive ({options.Lease.TimeToLive}): a lease can lapse while its renewal is waited for.");
        yield return (
            capabilities is not null && options.StoreTimeout > options.MaxStaleness,
            $"StoreTimeout ({options.StoreTimeout}) is longer than MaxStaleness ({options.MaxStaleness}): a slow pulse makes L1 distrusted.");
        yield return (
            options.ThrowOnUndelivered && entry.InvalidateInBackground == true,
            "ThrowOnUndelivered is set, but InvalidateInBackground too: nobody waits who could be thrown at, and what can't be delivered is queued.");
        yield return (
            hasFailSafe && capabilities is { } can && !can.HasFlag(StoreCapabilities.Feed),
            "Fail-safe is on, but the store has no feed: only L2 has expired values, and none while it is away.");
        yield return (
            (flags & HybridCacheEntryFlags.DisableLocalCache) == HybridCacheEntryFlags.DisableLocalCache
                && (capabilities is null || (flags & HybridCacheEntryFlags.DisableDistributedCache) == HybridCacheEntryFlags.DisableDistributedCache),
            $"The flags {flags} of DefaultEntryOptions disable every level that there is: nothing is cached.");
        yield return (
            (flags & HybridCacheEntryFlags.DisableUnderlyingData) != 0,
            "The flags of DefaultEntryOptions disable the underlying data: no factory ever runs.");
        yield return (
            options.MaximumPayloadBytes > options.Local.MaximumBytes,
            $"MaximumPayloadBytes ({options.MaximumPayloadBytes}) is more than Local:MaximumBytes ({options.Local.MaximumBytes}): such values are never kept in L1.");
    }
}
