using Microsoft.AspNetCore.Http;

namespace Larder.Dashboard.Access;

/// <summary>
/// Refuses what another site makes a browser send. Reads too: an app whose CORS policy lets every origin read would hand out
/// the cache otherwise, and a stream costs something even if its reader sees nothing of it.
/// </summary>
internal static class SameOrigin
{
    /// <summary>Whether a request comes from the dashboard's own page, or from no browser.</summary>
    /// <param name="request">The request.</param>
    public static bool Holds(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            // "none" is an address that a person has typed; no page can make a browser say so.
            return site == "same-origin" || (site == "none" && HttpMethods.IsGet(request.Method));
        }

        var origin = request.Headers.Origin.ToString();
        // Every browser sends one of the two headers with a POST. The scheme is not compared: a proxy may have taken TLS off.
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(AuthorityOf(request, uri), StringComparison.OrdinalIgnoreCase));
    }

    // Without the port that is the scheme's default, as Uri.Authority has it.
    private static string AuthorityOf(HttpRequest request, Uri origin) =>
        request.Host.Port is { } port && port == origin.Port && origin.IsDefaultPort ? request.Host.Host : request.Host.Value ?? "";
}
