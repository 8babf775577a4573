using Larder.Dashboard.Access;
using Larder.Dashboard.Api;
using Larder.Dashboard.Requests;
using Larder.Dashboard.Values;
using Microsoft.AspNetCore.Http;

namespace Larder.Dashboard.Endpoints;

/// <summary>One key: what all nodes know of it, and its value.</summary>
internal sealed class KeyEndpoints(LarderDashboardOptions options, TimeProvider time, PermissionCheck permissions, ValueView view, AuditLog audit)
{
    public Task<KeyDetails> ExplainAsync(ApiRequest request) => ExplainAsync(request, request.Required("key"));

    public async Task<KeyDetails> ExplainLongAsync(ApiRequest request) =>
        await ExplainAsync(request, await request.KeyInBodyAsync().ConfigureAwait(false)).ConfigureAwait(false);

    public Task<KeyValue> ValueAsync(ApiRequest request) => ValueAsync(request, request.Required("key"));

    public async Task<KeyValue> LongValueAsync(ApiRequest request) =>
        await ValueAsync(request, await request.KeyInBodyAsync().ConfigureAwait(false)).ConfigureAwait(false);

    private async Task<KeyDetails> ExplainAsync(ApiRequest request, string key)
    {
        var cache = request.CacheFor(key);
        var report = await cache.Inspector.ExplainAsync(key, options.AnswerTimeout, request.Aborted).ConfigureAwait(false);
        return KeyDetailsOf.Report(report, time.GetUtcNow());
    }

    private async Task<KeyValue> ValueAsync(ApiRequest request, string key)
    {
        var cache = request.CacheFor(key);
        if (!await permissions.CanViewValuesAsync(request.Context).ConfigureAwait(false))
        {
            audit.Refused(request.Context, cache, "view", key);
            throw ProblemException.Forbidden(
                "Values are not shown to this caller: the setting Larder:Dashboard:ViewValues, or the policy of Larder:Dashboard:ViewValuesPolicy, allows it.");
        }

        audit.Done(request.Context, cache, "view", key);
        var stored = await cache.Inspector.ValueAsync(key, view.LargestRead, request.Aborted).ConfigureAwait(false);
        return stored is null
            ? throw new ProblemException(StatusCodes.Status404NotFound, "No such key", "Neither L2 nor this node's L1 has a value for the key.")
            : view.Of(key, stored);
    }
}
