using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Larder.Dashboard.Api;
using Larder.Dashboard.Requests;
using Larder.Inspection;

namespace Larder.Dashboard.Endpoints;

/// <summary>What happens on all nodes, sampled, as it happens.</summary>
internal sealed class EventEndpoints(LarderDashboardOptions options, TimeProvider time, Streams streams)
{
    private const int MostAtOnce = 500;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public Task LiveAsync(ApiRequest request)
    {
        var (inspector, filter) = (request.Cache.Inspector, EventFilter.Of(request));
        return streams.WriteAsync(request, cancellationToken => EventsAsync(inspector, filter, cancellationToken));
    }

    private async IAsyncEnumerable<SseItem<string>> EventsAsync(
        CacheInspector inspector, EventFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = new Dictionary<string, long>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            var answers = await inspector.EventsAsync(after, options.AnswerTimeout, cancellationToken).ConfigureAwait(false);
            var events = Receipts.Of(answers).Where(filter.Passes).OrderBy(static one => one.At).ToArray();
            foreach (var one in events.Take(MostAtOnce))
            {
                yield return new(JsonSerializer.Serialize(one, ApiJson.Default.LiveEvent), "event");
            }

            foreach (var node in answers.Nodes.Where(static node => node.Answer is not null))
            {
                after[node.NodeId] = node.Answer!.Last;
            }

            var missed = answers.Nodes.Sum(static node => node.Answer?.Missed ?? 0) + Math.Max(0, events.Length - MostAtOnce);
            yield return new(JsonSerializer.Serialize(new LiveSampling(NodesAsked.Of(answers), missed), ApiJson.Default.LiveSampling), "sampling");
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }
}
