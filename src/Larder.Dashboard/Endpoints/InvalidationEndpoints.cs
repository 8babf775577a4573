using Larder.Dashboard.Access;
using Larder.Dashboard.Api;
using Larder.Dashboard.Requests;

namespace Larder.Dashboard.Endpoints;

/// <summary>What changes the cache. Each goes through the cache's own methods, as the app's would: nothing is scanned and deleted.</summary>
internal sealed class InvalidationEndpoints(TimeProvider time, PermissionCheck permissions, AuditLog audit)
{
    public Task<ActionDone> ExpireAsync(ApiRequest request) => OnKeyAsync(
        request, "expire", "Expired", static (cache, key, cancellationToken) => cache.ExpireAsync(key, cancellationToken));

    public Task<ActionDone> RemoveAsync(ApiRequest request) => OnKeyAsync(
        request, "remove", "Removed", static (cache, key, cancellationToken) => cache.RemoveAsync(key, cancellationToken));

    public Task<ActionDone> RefreshAsync(ApiRequest request) => OnKeyAsync(
        request, "refresh", "Refreshed", static (cache, key, cancellationToken) => cache.RefreshAsync(key, cancellationToken));

    public async Task<ActionDone> InvalidateTagsAsync(ApiRequest request)
    {
        var cache = request.Cache;
        string[] tags = [.. (await request.BodyAsync(ApiJson.Default.TagAction).ConfigureAwait(false)).Tags ?? []];
        if (tags.Length == 0)
        {
            throw ProblemException.BadInput("The list 'tags' was empty; it may have one tag or more.");
        }

        var subject = string.Join(", ", tags);
        await CheckAsync(request, cache, "invalidateTags", subject).ConfigureAwait(false);
        await cache.RemoveByTagAsync(tags, request.Aborted).ConfigureAwait(false);
        audit.Done(request.Context, cache, "invalidateTags", subject);
        var what = tags.Contains("*") ? "every entry" : $"all entries with {(tags.Length == 1 ? "the tag" : "one of the tags")} {subject}";
        return new("invalidateTags", time.GetUtcNow(), $"Invalidated {what}{Reach(cache, cache.Node.Undelivered.CoversTags(tags))}.");
    }

    private async Task<ActionDone> OnKeyAsync(
        ApiRequest request, string action, string done, Func<LarderCache, string, CancellationToken, ValueTask> act)
    {
        var key = await request.KeyInBodyAsync().ConfigureAwait(false);
        var cache = request.CacheFor(key);
        await CheckAsync(request, cache, action, key).ConfigureAwait(false);
        await act(cache, key, request.Aborted).ConfigureAwait(false);
        audit.Done(request.Context, cache, action, key);
        return new(action, time.GetUtcNow(), $"{done} {Short(key)}{Reach(cache, cache.Node.Undelivered.CoversKey(key))}.");
    }

    private async Task CheckAsync(ApiRequest request, LarderCache cache, string action, string subject)
    {
        if (!await permissions.CanInvalidateAsync(request.Context).ConfigureAwait(false))
        {
            audit.Refused(request.Context, cache, action, subject);
            throw ProblemException.Forbidden(
                "This caller may not invalidate: the setting Larder:Dashboard:Invalidate, or the policy of Larder:Dashboard:InvalidatePolicy, allows it.");
        }
    }

    private static string Reach(LarderCache cache, bool isUndelivered) => (cache.Node.Line, isUndelivered) switch
    {
        (null, _) => "",
        (_, true) => " on this node; L2 does not answer, and is told as soon as it does",
        _ => " on all nodes",
    };

    private static string Short(string key) => key.Length <= 100 ? key : key[..100] + "...";
}
