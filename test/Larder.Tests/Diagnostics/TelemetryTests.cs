using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Larder.Testing;
using Larder.Testing.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Diagnostics;

public sealed class TelemetryTests : IDisposable
{
    private const int Entries = 10;

    private readonly FakeTimeProvider _time = new();
    private readonly string _name = $"telemetry-{Guid.NewGuid():N}";
    private readonly List<(string Instrument, double Value, Dictionary<string, object?> Tags)> _measured = [];
    private readonly MeterListener _listener = new();
    private readonly ServiceProvider _services;

    public TelemetryTests()
    {
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddLarder(
                _name,
                static options =>
                {
                    options.Local.MaximumEntries = Entries;
                    options.Local.MaximumBytes = 50_000;
                })
            .UseStore((_, context) => new MemoryStore(new MemoryServer(_time), context)).Services.BuildServiceProvider();
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == LarderTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    private LarderCache Cache => _services.GetRequiredKeyedService<LarderCache>(_name);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Requests_MissThenHits_AreCountedByResult()
    {
        await Cache.Ready;
        await GetAsync();
        await GetAsync();
        await GetAsync();
        _listener.RecordObservableInstruments();

        Assert.Equal(1, Last(LarderTelemetry.Requests, LarderTelemetry.ResultTag, "miss"));
        Assert.Equal(2, Last(LarderTelemetry.Requests, LarderTelemetry.ResultTag, "l1_hit"));
        Assert.Equal(0, Last(LarderTelemetry.Requests, LarderTelemetry.ResultTag, "l2_hit"));
    }

    [Fact]
    public async Task Durations_OfFactoryAndStore_AreRecordedWithTheirOutcome()
    {
        await Cache.Ready;
        await GetAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Cache.GetOrCreateAsync<string>("other", static _ => throw new InvalidOperationException(), cancellationToken: Cancel).AsTask());

        Assert.Equal(1, Count(LarderTelemetry.FactoryDuration, LarderTelemetry.OutcomeTag, "ok"));
        Assert.Equal(1, Count(LarderTelemetry.FactoryDuration, LarderTelemetry.OutcomeTag, "error"));
        Assert.Equal(2, Count(LarderTelemetry.StoreDuration, LarderTelemetry.OperationTag, "lease"));
        Assert.Equal(1, Count(LarderTelemetry.StoreDuration, LarderTelemetry.OperationTag, "commit"));
        Assert.Equal(1, Count(LarderTelemetry.StoreDuration, LarderTelemetry.OperationTag, "release"));
    }

    [Fact]
    public async Task Invalidations_OfThisNode_AreCountedAsSent()
    {
        await Cache.Ready;
        await Cache.RemoveAsync(["a", "b"], Cancel);
        await Cache.RemoveByTagAsync("t", Cancel);
        await Cache.ExpireAsync("a", Cancel);

        Assert.Equal(2, Last(LarderTelemetry.Invalidations, LarderTelemetry.KindTag, "remove"));
        Assert.Equal(1, Last(LarderTelemetry.Invalidations, LarderTelemetry.KindTag, "tag"));
        Assert.Equal(1, Last(LarderTelemetry.Invalidations, LarderTelemetry.KindTag, "expire"));
        Assert.All(
            _measured.Where(one => one.Instrument == LarderTelemetry.Invalidations), one => Assert.Equal("sent", one.Tags[LarderTelemetry.DirectionTag]));
    }

    [Fact]
    public async Task Gauges_OfThisNode_TellItsState()
    {
        await Cache.Ready;
        await GetAsync();
        _listener.RecordObservableInstruments();

        Assert.Equal(1, Last(LarderTelemetry.LocalEntries));
        Assert.InRange(Last(LarderTelemetry.LocalBytes), 100, 1000);
        Assert.Equal(0, Last(LarderTelemetry.Undelivered));
        Assert.Equal(0, Last(LarderTelemetry.StoreDown));
        Assert.Equal(1, Last(LarderTelemetry.Trusted));
    }

    [Fact]
    public async Task Evictions_ForRoomByTimeAndBySize_AreCountedByReason()
    {
        // What is set while the feed is being attached is not kept in L1.
        await Cache.Ready;
        var evicted = new ConcurrentQueue<string>();
        using var subscription = Cache.Events.Subscribe(
            one =>
            {
                if (one.Kind == LarderEventKind.Evict)
                {
                    evicted.Enqueue(one.Subject);
                }
            });

        for (var i = 0; i < Entries + 2; i++)
        {
            await Cache.SetAsync($"key:{i}", "value", cancellationToken: Cancel);
        }

        await Cache.SetAsync("large", new string('x', 100_000), cancellationToken: Cancel);
        await Cache.SetAsync("short", "value", new() { LocalCacheExpiration = TimeSpan.FromSeconds(1) }, cancellationToken: Cancel);
        _time.Advance(TimeSpan.FromSeconds(20));

        await Eventually.TrueAsync(
            () =>
            {
                _listener.RecordObservableInstruments();
                return Last(LarderTelemetry.Evictions, LarderTelemetry.ReasonTag, "expired") == 1;
            },
            message: "the short one was swept");
        Assert.Equal(3, Last(LarderTelemetry.Evictions, LarderTelemetry.ReasonTag, "capacity"));
        Assert.Equal(1, Last(LarderTelemetry.Evictions, LarderTelemetry.ReasonTag, "too_large"));
        Assert.Equal(0, Last(LarderTelemetry.Evictions, LarderTelemetry.ReasonTag, "memory"));
        await Eventually.TrueAsync(() => evicted.Count == 3, message: "three events");
        Assert.All(evicted, static key => Assert.StartsWith("key:", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collections_NoneCalledFor_AreNone()
    {
        await Cache.Ready;
        _listener.RecordObservableInstruments();

        Assert.Equal(0, Last(LarderTelemetry.Collections));
    }

    [Fact]
    public async Task Keys_AreInNoMetric()
    {
        await Cache.Ready;
        await GetAsync();
        await Cache.RemoveAsync("secret-key", Cancel);
        _listener.RecordObservableInstruments();

        Assert.DoesNotContain(_measured, static one => one.Tags.Values.Any(static tag => tag is string text && text.Contains("secret", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Spans_OfAMiss_FactoryAndStoreAreItsChildren()
    {
        await Cache.Ready;
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == LarderTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem(LarderTelemetry.CacheTag), _name))
                {
                    lock (ended)
                    {
                        ended.Add(activity);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await GetAsync();
        await GetAsync();

        var get = Assert.Single(ended, static activity => activity.OperationName == LarderTelemetry.GetActivity);
        Assert.Equal("miss", get.GetTagItem(LarderTelemetry.ResultTag));
        Assert.Equal(get.SpanId, Assert.Single(ended, static activity => activity.OperationName == LarderTelemetry.FactoryActivity).ParentSpanId);
        var operations = ended.Where(static activity => activity.OperationName == LarderTelemetry.StoreActivity).ToArray();
        Assert.Equal(["read", "lease", "commit"], operations.Select(static activity => activity.GetTagItem(LarderTelemetry.OperationTag)));
        Assert.All(operations, activity => Assert.Equal(get.SpanId, activity.ParentSpanId));
    }

    private ValueTask<string> GetAsync() =>
        Cache.GetOrCreateAsync("secret-key", static _ => ValueTask.FromResult("value"), cancellationToken: Cancel);

    private double Last(string instrument, string? tag = null, string? value = null) => Of(instrument, tag, value).Last().Value;

    private int Count(string instrument, string tag, string value) => Of(instrument, tag, value).Count();

    private IEnumerable<(string Instrument, double Value, Dictionary<string, object?> Tags)> Of(string instrument, string? tag, string? value)
    {
        lock (_measured)
        {
            return [.. _measured.Where(one => one.Instrument == instrument && (tag is null || Equals(one.Tags.GetValueOrDefault(tag), value)))];
        }
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = new Dictionary<string, object?>(tags.ToArray(), StringComparer.Ordinal);
        if (Equals(all.GetValueOrDefault(LarderTelemetry.CacheTag), _name))
        {
            lock (_measured)
            {
                _measured.Add((instrument.Name, value, all));
            }
        }
    }
}
