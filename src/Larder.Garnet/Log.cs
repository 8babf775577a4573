using Larder.Garnet.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Garnet;

/// <summary>Everything this package logs of its own; what Garnet says comes through <see cref="ServerLogs"/>.</summary>
internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Information, "The embedded server listens at {Address}.")]
    public static partial void Hosting(ILogger log, ServerAddress address);

    [LoggerMessage(302, LogLevel.Information, "Joined the server that already listens at {Address}.")]
    public static partial void Joined(ILogger log, ServerAddress address);

    [LoggerMessage(303, LogLevel.Information, "The server at {Address} ended; this app's embedded server took its place.")]
    public static partial void TookOver(ILogger log, ServerAddress address);

    [LoggerMessage(304, LogLevel.Warning, "The server at {Address} ended and could not be replaced; it is tried again. {Reason}")]
    public static partial void CouldNotTakeOver(ILogger log, ServerAddress address, string reason);
}
