using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Larder.Dashboard.Serving;

/// <summary>Serves the page and its assets.</summary>
internal static class PageEndpoints
{
    // A year; the URL changes with the content.
    private const string Forever = "public, max-age=31536000, immutable";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly Lazy<AssetCatalog> Catalog = new(AssetCatalog.Load);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", Methods, PageAsync);
        routes.MapMethods("/assets/{version}/{**name}", Methods, AssetAsync);
    }

    private static Task PageAsync(HttpContext context)
    {
        var path = (context.Request.PathBase + context.Request.Path).Value ?? "";
        if (!path.EndsWith('/'))
        {
            // All of the page's URLs are relative to its folder, and so is this one: a proxy may have taken a prefix off.
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = $"{Uri.EscapeDataString(path[(path.LastIndexOf('/') + 1)..])}/{context.Request.QueryString}";
            return Task.CompletedTask;
        }

        return WriteAsync(context, Catalog.Value.Index);
    }

    private static Task AssetAsync(HttpContext context)
    {
        if (Catalog.Value.Find((string?)context.Request.RouteValues["name"] ?? "") is not { } asset)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("No such asset.\n", context.RequestAborted);
        }

        // During a deployment the page may come from another server than its assets: those of this one will do, but are not kept.
        if ((string?)context.Request.RouteValues["version"] == Catalog.Value.Version)
        {
            context.Response.Headers.CacheControl = Forever;
        }

        return WriteAsync(context, asset);
    }

    private static Task WriteAsync(HttpContext context, Asset asset)
    {
        var encoding = EncodingOf(context.Request.Headers.AcceptEncoding);
        var (content, tag) = asset.In(encoding);
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.ETag = tag;
        if (IsKnown(context.Request.Headers.IfNoneMatch, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        context.Response.ContentType = asset.ContentType;
        context.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    private static string? EncodingOf(StringValues accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out var encodings))
        {
            return null;
        }

        string[] wanted = [.. encodings.Where(static encoding => encoding.Quality is not 0).Select(static encoding => encoding.Value.ToString())];
        return wanted.Contains("br", StringComparer.OrdinalIgnoreCase) ? "br"
            : wanted.Contains("gzip", StringComparer.OrdinalIgnoreCase) ? "gzip"
            : null;
    }

    private static bool IsKnown(StringValues known, string tag) =>
        EntityTagHeaderValue.TryParseList(known, out var tags)
        && tags.Any(other => other.Tag == "*" || other.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false));
}
