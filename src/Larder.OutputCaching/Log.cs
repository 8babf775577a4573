using Microsoft.Extensions.Logging;

namespace Larder.OutputCaching;

/// <summary>What this package logs.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Warning, "A page was not cached: its request had not looked for it before it was rendered (AllowCacheLookup), so nobody knows whether it was evicted meanwhile.")]
    public static partial void NotLookedUp(ILogger log);
}
