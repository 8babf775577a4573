using System.Net;
using Microsoft.AspNetCore.Http;

namespace Larder.Dashboard.Access;

/// <summary>Tells a request of a person at this machine from all others.</summary>
internal static class LocalRequest
{
    // What a proxy adds, and what ASP.NET Core's ForwardedHeaders middleware leaves of it once it has believed it.
    private static readonly string[] ForwardingHeaders =
    [
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Forwarded-Port", "X-Forwarded-Server",
        "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Original-Prefix",
    ];

    /// <summary>Why the request is not local; <see langword="null"/> if it is.</summary>
    /// <param name="context">The request.</param>
    public static string? WhyNot(HttpContext context)
    {
        var caller = context.Connection.RemoteIpAddress;
        if (caller is null || !IPAddress.IsLoopback(caller))
        {
            return "it comes from another machine";
        }

        foreach (var header in ForwardingHeaders)
        {
            if (context.Request.Headers.ContainsKey(header))
            {
                return $"it came through a proxy, which added the header {header}";
            }
        }

        // A foreign name that leads here (DNS rebinding) is how a foreign site would get past the browser's same-origin rule.
        return IsOwnName(context.Request.Host.Host) ? null : "it asks for a host that is not localhost";
    }

    private static bool IsOwnName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        // RFC 6761: nobody can register a name below it.
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
