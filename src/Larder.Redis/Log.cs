using Microsoft.Extensions.Logging;

namespace Larder.Redis;

/// <summary>Everything this package logs.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Warning, "A message of the feed could not be read: another version of Larder, or another program, publishes on its channel. L1 is not trusted until the next echo.")]
    public static partial void UnknownMessage(ILogger log);
}
