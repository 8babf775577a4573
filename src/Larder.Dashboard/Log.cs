using System.Net;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard;

/// <summary>Everything the dashboard logs. Keys appear in the audit's lines only; values never.</summary>
internal static partial class Log
{
    [LoggerMessage(80, LogLevel.Information, "{User} at {Address}: {Action} {Subject} in the cache '{Cache}'.")]
    public static partial void ActionDone(ILogger log, string user, string address, string action, string subject, string cache);

    [LoggerMessage(81, LogLevel.Warning, "{User} at {Address} may not: {Action} {Subject} in the cache '{Cache}'.")]
    public static partial void ActionRefused(ILogger log, string user, string address, string action, string subject, string cache);

    [LoggerMessage(82, LogLevel.Debug, "The dashboard refused a request from {Address}. {Reason}")]
    public static partial void AccessRefused(ILogger log, IPAddress? address, string reason);

    [LoggerMessage(83, LogLevel.Warning, "The dashboard could not answer {Path}.")]
    public static partial void Failed(ILogger log, string path, Exception fault);
}
