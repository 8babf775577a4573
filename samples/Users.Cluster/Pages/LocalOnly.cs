using System.Net;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Keeps the control page to the people at this machine.</summary>
internal static class LocalOnly
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Refuses requests below a path unless they come from this machine, and ask for it by a name of its own: another name
    /// that leads here is how a foreign site would get past the browser's same-origin rule.
    /// </summary>
    public static IApplicationBuilder UseLocalOnly(this IApplicationBuilder app, PathString path) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments(path))
        {
            return next(context);
        }

        if (!IsLocal(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync("Only from this machine, at localhost.\n");
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        return next(context);
    });

    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller) && IsOwnName(context.Request.Host.Host);

    private static bool IsOwnName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
