using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Larder.Dashboard.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Larder.Dashboard.Requests;

/// <summary>A request of the API: its cache and its arguments, checked as they are taken.</summary>
internal sealed class ApiRequest(HttpContext context, CacheDirectory caches)
{
    // The longest key, with every character of it escaped, and some.
    private const long MaximumBody = 1 << 20;

    public HttpContext Context => context;

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>All caches of the app.</summary>
    public IReadOnlyList<LarderCache> Caches => caches.All();

    /// <summary>The cache that the request names.</summary>
    public LarderCache Cache => caches.Find(Optional("cache") ?? "") is { } cache
        ? cache
        : throw new ProblemException(
            StatusCodes.Status404NotFound,
            "No such cache",
            $"The argument 'cache' was '{Optional("cache")}'; it may be {string.Join(", ", caches.All().Select(static cache => $"'{cache.Name}'"))}.");

    /// <summary>An argument; <see langword="null"/> if it is empty or not given.</summary>
    public string? Optional(string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>An argument that must be given.</summary>
    public string Required(string name) =>
        Optional(name) ?? throw ProblemException.BadInput($"The argument '{name}' is missing; it may be any text.");

    /// <summary>The cache that the request names, if it accepts a key.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public LarderCache CacheFor(string key)
    {
        var cache = Cache;
        KeyRules.CheckKey(key, cache.Node.Options.MaximumKeyLength);
        return cache;
    }

    /// <summary>The key that the body names.</summary>
    public async Task<string> KeyInBodyAsync() =>
        (await BodyAsync(ApiJson.Default.KeyAction).ConfigureAwait(false)).Key
            ?? throw ProblemException.BadInput("The body has no 'key'; it may be any key of the cache.");

    /// <summary>A whole number.</summary>
    public int Number(string name, int absent, int minimum, int maximum) =>
        Optional(name) is not { } text ? absent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum ? number
        : throw ProblemException.BadInput($"The argument '{name}' was '{text}'; it may be a whole number from {minimum} to {maximum}.");

    /// <summary>The body, which must be JSON: a form of another site can't send that without asking first.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="type">How to read it.</param>
    public async Task<T> BodyAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType,
                "No JSON",
                $"The Content-Type was '{context.Request.ContentType}'; it may be application/json.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaximumBody;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, Aborted).ConfigureAwait(false)
                ?? throw ProblemException.BadInput("The body was null; it may be a JSON object.");
        }
        catch (JsonException fault)
        {
            throw ProblemException.BadInput($"The body is no JSON of this shape: {fault.Message}");
        }
    }
}
