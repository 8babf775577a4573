using System.Diagnostics.Metrics;
using Larder.Testing;
using Larder.Testing.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Diagnostics;

/// <summary>Requests by the tags of their entries, on two nodes of one store.</summary>
[Collection(nameof(Alone))]
public sealed class TagMetricsTests : IDisposable
{
    private static readonly LarderEntryOptions FailSafe = new() { FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) } };

    private readonly FakeTimeProvider _time = new();
    private readonly string _name = $"tags-{Guid.NewGuid():N}";
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(string Instrument, string Result, string Tag), long> _sums = [];
    private readonly MemoryServer _server;
    private readonly List<ServiceProvider> _nodes = [];

    public TagMetricsTests()
    {
        _server = new MemoryServer(_time);
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == LarderTelemetry.MeterName && instrument.Name is LarderTelemetry.RequestsByTag or LarderTelemetry.Requests)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _nodes.ForEach(static node => node.Dispose());
    }

    [Fact]
    public async Task Requests_OfTaggedEntries_AreCountedByResultAndTagBesideTheSums()
    {
        var a = await StartAsync(reportTags: true);
        await GetAsync(a, "one", "x");
        await GetAsync(a, "two", "x", "y");
        await GetAsync(a, "two");
        await GetAsync(a, "none");
        await GetAsync(a, "none");
        Assert.False((await a.TryGetAsync<string>("missing", Cancel)).Found);
        Assert.True((await a.TryGetAsync<string>("one", Cancel)).Found);

        Assert.Equal("miss x 2, miss y 1, l1_hit x 2, l1_hit y 1", ByTag("miss x", "miss y", "l1_hit x", "l1_hit y"));
        _listener.RecordObservableInstruments();
        Assert.Equal((4, 3), (Sum("miss"), Sum("l1_hit")));
    }

    [Fact]
    public async Task Requests_OfTheOtherNodesEntries_CountByTheTagsThatTheyWereStoredWith()
    {
        var a = await StartAsync(reportTags: true);
        var b = await StartAsync(reportTags: true);
        await a.SetAsync("k", "value", FailSafe, ["stored"], Cancel);

        await GetAsync(b, "k", "the caller's");
        await a.ExpireAsync("k", Cancel);
        Assert.Equal("value", await b.GetOrCreateAsync<string>("k", static _ => throw new InvalidOperationException(), FailSafe, cancellationToken: Cancel));
        Assert.Equal("value", await b.GetOrCreateAsync<string>("k", static _ => throw new InvalidOperationException(), FailSafe, cancellationToken: Cancel));

        Assert.Equal("l2_hit stored 1, stale_hit stored 2, l2_hit the caller's 0", ByTag("l2_hit stored", "stale_hit stored", "l2_hit the caller's"));
    }

    [Fact]
    public async Task Requests_OfAFactoryThatChoosesTags_CountByThose()
    {
        var a = await StartAsync(reportTags: true);

        await a.GetOrCreateAsync<string>(
            "k",
            static (context, _) =>
            {
                context.Tags = ["chosen"];
                return ValueTask.FromResult("made");
            },
            tags: ["given"],
            cancellationToken: Cancel);

        Assert.Equal("miss chosen 1, miss given 0", ByTag("miss chosen", "miss given"));
    }

    [Fact]
    public async Task Requests_OfABatch_AreCountedForEachKey()
    {
        var a = await StartAsync(reportTags: true);
        var b = await StartAsync(reportTags: true);
        await a.SetAsync("l2", "value", tags: ["x"], cancellationToken: Cancel);
        await b.SetAsync("l1", "value", tags: ["x"], cancellationToken: Cancel);

        await b.GetOrCreateManyAsync(
            ["l1", "l2", "made", "left out"],
            static (missing, _) => ValueTask.FromResult(missing.Where(static key => key == "made").ToDictionary(static key => key)),
            tags: ["batch"],
            cancellationToken: Cancel);

        Assert.Equal("l1_hit x 1, l2_hit x 1, miss batch 1", ByTag("l1_hit x", "l2_hit x", "miss batch"));
    }

    [Fact]
    public async Task Requests_WithoutTheOption_HaveNoTags()
    {
        var a = await StartAsync(reportTags: false);

        await GetAsync(a, "k", "x");
        await GetAsync(a, "k", "x");

        Assert.DoesNotContain(_sums, static sum => sum.Key.Instrument == LarderTelemetry.RequestsByTag);
    }

    [Fact]
    public async Task Hit_WithTheOption_AllocatesNothing()
    {
        var a = await StartAsync(reportTags: true);
        await GetAsync(a, "k", "x", "y");
        _listener.Dispose();
        int Hit() => LengthOf(a.GetOrCreateAsync("k", static _ => ValueTask.FromResult("made")));
        var (hits, length) = (0, 0);

        var allocated = Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++, hits++)
            {
                length += Hit();
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(hits * "made".Length, length);
    }

    private static int LengthOf(ValueTask<string> hit) => hit.IsCompletedSuccessfully ? hit.Result.Length : 0;

    private static async Task GetAsync(LarderCache cache, string key, params string[] tags) =>
        await cache.GetOrCreateAsync(key, static _ => ValueTask.FromResult("made"), tags: tags, cancellationToken: Cancel);

    private async Task<LarderCache> StartAsync(bool reportTags)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time)
            .AddLarder(_name, options => options.ReportTagMetrics = reportTags)
            .UseStore((_, context) => new MemoryStore(_server, context)).Services.BuildServiceProvider();
        _nodes.Add(services);
        var cache = services.GetRequiredKeyedService<LarderCache>(_name);
        await cache.Ready;
        return cache;
    }

    private string ByTag(params string[] wanted)
    {
        lock (_sums)
        {
            return string.Join(", ", wanted.Select(one => (one, one.Split(' ', 2))).Select(one =>
                $"{one.one} {_sums.GetValueOrDefault((LarderTelemetry.RequestsByTag, one.Item2[0], one.Item2[1]))}"));
        }
    }

    private long Sum(string result) => _sums.GetValueOrDefault((LarderTelemetry.Requests, result, ""));

    private void Note(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = new Dictionary<string, object?>(tags.ToArray(), StringComparer.Ordinal);
        if (!Equals(all[LarderTelemetry.CacheTag], _name))
        {
            return;
        }

        lock (_sums)
        {
            var key = (instrument.Name, (string)all[LarderTelemetry.ResultTag]!, (string?)all.GetValueOrDefault(LarderTelemetry.EntryTag) ?? "");
            _sums[key] = instrument.IsObservable ? value : _sums.GetValueOrDefault(key) + value;
        }
    }
}
