using Microsoft.AspNetCore.Http;

namespace Larder.Dashboard.Access;

/// <summary>What holds a browser to the page's own files, and every answer to its reader.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// No inline code, no eval, nothing from elsewhere, no frames; and, by Trusted Types without any policy, no text that
    /// becomes HTML: a key or value can't, even by mistake.
    /// </summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void Write(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
