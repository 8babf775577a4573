using Larder.Stores;
using Microsoft.Extensions.Logging;

namespace Larder;

/// <summary>Everything the core logs. Keys appear at Debug only; values never.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Cache} uses {Store}; this node is {Node}.")]
    public static partial void Started(ILogger log, string cache, string store, string node);

    [LoggerMessage(2, LogLevel.Information, "The store {Store} can't promise {Missing}: an L1 copy lives no longer than MaxStaleness, writes are checked against this node's invalidations only, and each node runs its own factory.")]
    public static partial void WeakStore(ILogger log, string store, string missing);

    [LoggerMessage(3, LogLevel.Warning, "L2 ({Store}) does not answer; reads go on from the origin until it does. {Reason}")]
    public static partial void StoreDown(ILogger log, string store, string reason);

    [LoggerMessage(4, LogLevel.Information, "L2 ({Store}) answers again.")]
    public static partial void StoreUp(ILogger log, string store);

    [LoggerMessage(5, LogLevel.Warning, "L2 failed to {Operation}; the cache goes on without it.")]
    private static partial void OperationFault(ILogger log, string operation, Exception fault);

    [LoggerMessage(6, LogLevel.Warning, "{Count} invalidation(s) did not reach L2; they are queued and retried until delivered. {Reason}")]
    public static partial void Undelivered(ILogger log, int count, string reason);

    [LoggerMessage(7, LogLevel.Information, "All queued invalidations were delivered.")]
    public static partial void Delivered(ILogger log);

    [LoggerMessage(8, LogLevel.Warning, "A value of type {Type} could not be serialized; it was returned, not cached. Callers that waited for it share one instance.")]
    public static partial void CannotSerialize(ILogger log, Type type, Exception fault);

    [LoggerMessage(9, LogLevel.Warning, "An entry could not be read as {Type}; it counts as missing.")]
    public static partial void CannotDeserialize(ILogger log, Type type, Exception fault);

    [LoggerMessage(10, LogLevel.Warning, "A value of {Bytes} bytes exceeds MaximumPayloadBytes ({Limit}); it was not cached.")]
    public static partial void TooLarge(ILogger log, long bytes, long limit);

    [LoggerMessage(11, LogLevel.Warning, "A factory exceeded Lease.MaximumDuration ({Duration}); its key was given up to other callers, its value will not be cached.")]
    public static partial void GaveUp(ILogger log, TimeSpan duration);

    [LoggerMessage(12, LogLevel.Debug, "A value for {Key} was not stored in L2: it was invalidated while the factory ran.")]
    public static partial void CommitRefused(ILogger log, string key);

    [LoggerMessage(13, LogLevel.Warning, "An entry, to be read as {Type}, is not what was written; it counts as missing.")]
    public static partial void Damaged(ILogger log, Type type);

    [LoggerMessage(14, LogLevel.Warning, "A factory failed; its callers got the expired value or the default (fail-safe).")]
    public static partial void FailSafe(ILogger log, Exception fault);

    [LoggerMessage(15, LogLevel.Information, "A factory exceeded its soft time-out of {Timeout}; its callers got the expired value, and it goes on.")]
    public static partial void SoftTimeout(ILogger log, TimeSpan timeout);

    [LoggerMessage(16, LogLevel.Warning, "A value could not be refreshed early; the one that is there stays.")]
    public static partial void EagerRefreshFailed(ILogger log, Exception fault);

    [LoggerMessage(17, LogLevel.Warning, "The settings of {Section} are doubtful: {Finding}")]
    public static partial void DoubtfulSetting(ILogger log, string section, string finding);

    [LoggerMessage(18, LogLevel.Warning, "The cache is closed, and {Count} invalidation(s) have not reached L2: what they concern stays there until it expires.")]
    public static partial void LeftBehind(ILogger log, int count);

    [LoggerMessage(30, LogLevel.Warning, "The plugin {Plugin} failed to {Step}; the cache goes on without it.")]
    public static partial void PluginFailed(ILogger log, string plugin, string step, Exception fault);

    [LoggerMessage(31, LogLevel.Warning, "The plugin {Plugin} takes longer than {Patience} to {Step}; the cache does not wait for it.")]
    public static partial void PluginSlow(ILogger log, string plugin, string step, TimeSpan patience);

    [LoggerMessage(40, LogLevel.Warning, "An entry of L2 could not be unpacked; it counts as missing. {Reason}")]
    public static partial void CannotUnpack(ILogger log, string reason);

    [LoggerMessage(41, LogLevel.Warning, "A value could not be compressed or encrypted; it was returned, not cached.")]
    public static partial void CannotPack(ILogger log, Exception fault);

    [LoggerMessage(50, LogLevel.Warning, "The backplane {Backplane} failed to {Step}; until it works again, a copy on another node may live for MaxStaleness.")]
    public static partial void BackplaneDown(ILogger log, string backplane, string step, Exception fault);

    [LoggerMessage(51, LogLevel.Information, "The backplane {Backplane} works again ({Step}).")]
    public static partial void BackplaneUp(ILogger log, string backplane, string step);

    [LoggerMessage(52, LogLevel.Warning, "A message of the backplane {Backplane} could not be read, and was ignored: another version of Larder, or another program, sends on its channel.")]
    public static partial void UnreadableMessage(ILogger log, string backplane);

    [LoggerMessage(60, LogLevel.Warning, "The overflow of L1 in {Directory} is off for {Pause}, and what it had is given up: its disk failed.")]
    public static partial void OverflowOff(ILogger log, string directory, TimeSpan pause, Exception fault);

    [LoggerMessage(61, LogLevel.Information, "The overflow of L1 in {Directory} is written again.")]
    public static partial void OverflowOn(ILogger log, string directory);

    [LoggerMessage(62, LogLevel.Warning, "An entry of the overflow could not be read; it counts as missing. {Reason}")]
    public static partial void OverflowDamaged(ILogger log, string reason);

    [LoggerMessage(63, LogLevel.Warning, "A value of type {Type} could not be serialized or packed for the overflow; such values are left out of it. This is said once for each type.")]
    public static partial void LeftOutOfOverflow(ILogger log, Type type, Exception fault);

    /// <summary>An operation of L2 failed. That L2 does not answer at all was said once, by <see cref="StoreDown"/>.</summary>
    public static void StoreFault(ILogger log, string operation, Exception fault)
    {
        if (fault is not (TimeoutException or StoreUnavailableException))
        {
            OperationFault(log, operation, fault);
        }
    }
}
