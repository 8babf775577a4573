using Users.Web.Services;

namespace Users.Web;

/// <summary>What the app logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The list of users can't be had.")]
    public static partial void UsersUnavailable(ILogger logger, UsersUnavailableException failure);
}
