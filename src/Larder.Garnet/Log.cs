using Microsoft.Extensions.Logging;

namespace Larder.Garnet;

internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Information, "The embedded server listens at 127.0.0.1:{Port}.")]
    public static partial void Hosting(this ILogger logger, int port);

    [LoggerMessage(302, LogLevel.Information, "Joined the server that already listens at 127.0.0.1:{Port}.")]
    public static partial void Joined(this ILogger logger, int port);

    [LoggerMessage(303, LogLevel.Information, "The server at 127.0.0.1:{Port} ended; this app's embedded server took its place.")]
    public static partial void TookOver(this ILogger logger, int port);

    [LoggerMessage(304, LogLevel.Warning, "The server at 127.0.0.1:{Port} ended and could not be replaced; it is tried again. {Reason}")]
    public static partial void CouldNotTakeOver(this ILogger logger, int port, string reason);
}
