namespace Users.Web;

/// <summary>What the app logs.</summary>
internal static partial class Log
{
    // Without stack traces: they would all be HttpClient's.
    [LoggerMessage(1, LogLevel.Warning, "{Failure} {Cause}")]
    public static partial void UsersUnavailable(ILogger logger, string failure, string? cause);
}
