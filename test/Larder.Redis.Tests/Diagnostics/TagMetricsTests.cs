using System.Diagnostics.Metrics;
using Larder.Redis.Tests.Policies;
using Xunit;

namespace Larder.Redis.Tests.Diagnostics;

/// <summary>Requests by the tags that the other node has stored its entries with.</summary>
public abstract class TagMetricsTests(ServerKind kind) : PolicyTests(kind)
{
    private readonly string _tag = $"tag-{Guid.NewGuid():N}";

    protected override void Configure(LarderOptions options)
    {
        base.Configure(options);
        options.ReportTagMetrics = true;
    }

    [Fact]
    public async Task Requests_OfTheOtherNodesEntry_CountByItsTagsUntilItIsRemovedByOne()
    {
        var counted = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == LarderTelemetry.RequestsByTag)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var all = new Dictionary<string, object?>(tags.ToArray(), StringComparer.Ordinal);
            if (Equals(all[LarderTelemetry.EntryTag], _tag))
            {
                lock (counted)
                {
                    counted.Add((string)all[LarderTelemetry.ResultTag]!);
                }
            }
        });
        listener.Start();
        var options = new LarderEntryOptions { Expiration = Hour };
        await A.Cache.SetAsync("k", "old", options, [_tag], Cancel);
        await CatchUpAsync();

        Assert.Equal("old", await GetAsync(B, options));
        Assert.Equal("old", await GetAsync(B, options));
        await A.Cache.RemoveByTagAsync(_tag, Cancel);
        await CatchUpAsync();
        Assert.Equal("new", await GetAsync(B, options));

        Assert.Equal(["l2_hit", "l1_hit"], counted);
    }
}

/// <summary>On redis-server.</summary>
public sealed class TagMetricsTestsOnRedis() : TagMetricsTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class TagMetricsTestsOnGarnet() : TagMetricsTests(ServerKind.Garnet);
