using Microsoft.Extensions.Logging;

namespace Larder.Garnet;

/// <summary>Everything this package logs of its own; what Garnet says comes through <see cref="Hosting.ServerLogs"/>.</summary>
internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Information, "The embedded server listens at 127.0.0.1:{Port}.")]
    public static partial void Hosting(ILogger log, int port);

    [LoggerMessage(302, LogLevel.Information, "Joined the server that already listens at 127.0.0.1:{Port}.")]
    public static partial void Joined(ILogger log, int port);

    [LoggerMessage(303, LogLevel.Information, "The server at 127.0.0.1:{Port} ended; this app's embedded server took its place.")]
    public static partial void TookOver(ILogger log, int port);

    [LoggerMessage(304, LogLevel.Warning, "The server at 127.0.0.1:{Port} ended and could not be replaced; it is tried again. {Reason}")]
    public static partial void CouldNotTakeOver(ILogger log, int port, string reason);
}
