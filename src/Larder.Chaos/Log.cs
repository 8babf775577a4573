using Microsoft.Extensions.Logging;

namespace Larder.Chaos;

/// <summary>Everything this package logs.</summary>
internal static partial class Log
{
    [LoggerMessage(401, LogLevel.Warning, "{Cache} runs with chaos: operations of L2 and messages fail on purpose (WithChaos). This is for tests alone.")]
    public static partial void IsOn(ILogger log, string cache);

    [LoggerMessage(402, LogLevel.Warning, "{Cache} has chaos, which is off at present (WithChaos). This is for tests alone.")]
    public static partial void IsOff(ILogger log, string cache);
}
