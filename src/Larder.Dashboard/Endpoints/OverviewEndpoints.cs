using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Larder.Dashboard.Api;
using Larder.Dashboard.Requests;
using Microsoft.Extensions.Logging;

namespace Larder.Dashboard.Endpoints;

/// <summary>The state of a cache on all its nodes, once or each second.</summary>
internal sealed class OverviewEndpoints(LarderDashboardOptions options, TimeProvider time, Streams streams, ILogger log)
{
    private readonly ConcurrentDictionary<LarderCache, OverviewTicks> _ticks = new();

    public async Task<Overview> GetAsync(ApiRequest request)
    {
        var answers = await request.Cache.Inspector.ReportsAsync(options.AnswerTimeout, request.Aborted).ConfigureAwait(false);
        return OverviewOf.Answers(answers, time.GetUtcNow());
    }

    public Task LiveAsync(ApiRequest request)
    {
        var ticks = _ticks.GetOrAdd(request.Cache, cache => new OverviewTicks(cache.Inspector, options.AnswerTimeout, time, log));
        return streams.WriteAsync(request, cancellationToken => EventsAsync(ticks, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        OverviewTicks ticks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var overview in ticks.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new(JsonSerializer.Serialize(overview, ApiJson.Default.Overview), "overview");
        }
    }
}
