using Larder.Dashboard.Api;
using Larder.Dashboard.Requests;

namespace Larder.Dashboard.Endpoints;

/// <summary>What is worth a look, put together from all nodes.</summary>
internal sealed class InsightEndpoints(LarderDashboardOptions options, TimeProvider time)
{
    private const int Most = 50;

    public async Task<Api.Insights> GetAsync(ApiRequest request)
    {
        var answers = await request.Cache.Inspector.InsightsAsync(options.AnswerTimeout, request.Aborted).ConfigureAwait(false);
        (string Node, Inspection.Insights Seen)[] nodes =
            [.. answers.Nodes.Where(static node => node.Answer is not null).Select(static node => (node.NodeId, node.Answer!))];
        var now = time.GetUtcNow();
        var requests = nodes.Sum(static node => node.Seen.Requests);
        return new()
        {
            Asked = NodesAsked.Of(answers),
            SampledSince = nodes.Select(static node => node.Seen.SampledSince).DefaultIfEmpty(now).Min(),
            Requests = requests,
            ExaminedEntries = nodes.Sum(static node => node.Seen.ExaminedEntries),
            UnreadBytes = nodes.Sum(static node => node.Seen.UnreadBytes),
            Hot = Hot(nodes.SelectMany(static node => node.Seen.Hot), requests),
            Big =
            [
                .. nodes.SelectMany(static node => node.Seen.Big).GroupBy(static big => big.Key, StringComparer.Ordinal)
                    .Select(static one => new Api.BigKey(one.Key, one.Max(static big => big.Bytes)))
                    .OrderByDescending(static big => big.Size).Take(Most),
            ],
            Unread =
            [
                .. nodes.SelectMany(
                        static node => node.Seen.Unread,
                        static (node, key) => new Api.UnreadKey(key.Key, node.Node, key.Bytes, key.Age?.TotalMilliseconds))
                    .OrderByDescending(static key => key.AgeMs).Take(Most),
            ],
            ShortLived =
            [
                .. nodes.SelectMany(static node => node.Seen.ShortLived).GroupBy(static key => key.Key, StringComparer.Ordinal)
                    .Select(static one => one.MaxBy(static key => key.Factory)!)
                    .Select(static key => new Api.ShortLivedKey(key.Key, key.Lifetime.TotalMilliseconds, key.Factory.TotalMilliseconds))
                    .OrderByDescending(static key => key.FactoryMs - key.LifetimeMs).Take(Most),
            ],
            Herds =
            [
                .. nodes.SelectMany(static node => node.Seen.Herds, (node, herd) => new Api.Herd(now + herd.In, node.Node, herd.Entries, herd.Share))
                    .OrderByDescending(static herd => herd.Entries).Take(Most),
            ],
        };
    }

    private static Api.HotKey[] Hot(IEnumerable<Inspection.HotKey> keys, long requests) =>
    [
        .. keys.GroupBy(static hot => hot.Key, StringComparer.Ordinal)
            .Select(one => new Api.HotKey(
                one.Key,
                one.Sum(static hot => hot.Requests),
                one.Sum(static hot => hot.AtMostOver),
                one.Sum(static hot => hot.Misses),
                requests == 0 ? 0 : Math.Min(1, (double)one.Sum(static hot => hot.Requests) / requests)))
            .OrderByDescending(static hot => hot.Requests).Take(Most),
    ];
}
