using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Larder.Diagnostics;

/// <summary>The instruments of all caches of the process.</summary>
internal static class Instruments
{
    // The caches that are alive; the observable instruments walk them when they are asked.
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<Telemetry>> Caches = [];

    private static readonly Meter Meter = new(LarderTelemetry.MeterName, typeof(Instruments).Assembly.GetName().Version?.ToString());

    // The advice of the OpenTelemetry conventions for durations, with smaller ones in front: L2 answers in microseconds.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    public static readonly ActivitySource Source = new(LarderTelemetry.ActivitySourceName, typeof(Instruments).Assembly.GetName().Version?.ToString());

    public static readonly ObservableCounter<long> Requests = Meter.CreateObservableCounter(
        LarderTelemetry.Requests, static () => Alive().SelectMany(static cache => cache.RequestMeasurements()), "{request}");

    public static readonly Counter<long> RequestsByTag = Meter.CreateCounter<long>(LarderTelemetry.RequestsByTag, "{request}");

    public static readonly Histogram<double> FactoryDuration = Meter.CreateHistogram(LarderTelemetry.FactoryDuration, "s", advice: Durations);

    public static readonly Histogram<double> StoreDuration = Meter.CreateHistogram(LarderTelemetry.StoreDuration, "s", advice: Durations);

    public static readonly Counter<long> FlightsJoined = Meter.CreateCounter<long>(LarderTelemetry.FlightsJoined, "{call}");

    public static readonly Counter<long> LeasesAwaited = Meter.CreateCounter<long>(LarderTelemetry.LeasesAwaited, "{wait}");

    public static readonly Counter<long> Invalidations = Meter.CreateCounter<long>(LarderTelemetry.Invalidations, "{invalidation}");

    public static readonly Counter<long> FeedLosses = Meter.CreateCounter<long>(LarderTelemetry.FeedLosses, "{loss}");

    public static readonly Counter<long> OverflowReads = Meter.CreateCounter<long>(LarderTelemetry.OverflowReads, "{read}");

    public static readonly Histogram<double> FeedLag = Meter.CreateHistogram(LarderTelemetry.FeedLag, "s", advice: Durations);

    static Instruments()
    {
        Meter.CreateObservableCounter(
            LarderTelemetry.Evictions, static () => Alive().SelectMany(static cache => cache.EvictionMeasurements()), "{entry}");
        Meter.CreateObservableCounter(
            LarderTelemetry.Collections, static () => Alive().SelectMany(static cache => cache.CollectionMeasurements()), "{collection}");
        Observe(LarderTelemetry.LocalEntries, "{entry}", static cache => cache.State?.Invoke().LocalEntries);
        Observe(LarderTelemetry.LocalBytes, "By", static cache => cache.State?.Invoke().LocalBytes);
        Observe(LarderTelemetry.OverflowEntries, "{entry}", static cache => cache.Overflow?.Count);
        Observe(LarderTelemetry.OverflowBytes, "By", static cache => cache.Overflow?.Bytes);
        Observe(LarderTelemetry.Undelivered, "{invalidation}", static cache => cache.State?.Invoke().Undelivered);
        Observe(LarderTelemetry.StoreDown, null, static cache => cache.State?.Invoke().IsStoreDown switch { null => null, true => 1, false => 0 });
        Observe(LarderTelemetry.Trusted, null, static cache => cache.State?.Invoke().IsTrusted switch { null => null, true => 1, false => 0 });
    }

    public static void Register(Telemetry cache)
    {
        lock (Gate)
        {
            Caches.RemoveAll(static known => !known.TryGetTarget(out _));
            Caches.Add(new(cache));
        }
    }

    public static void Unregister(Telemetry cache)
    {
        lock (Gate)
        {
            Caches.RemoveAll(known => !known.TryGetTarget(out var target) || ReferenceEquals(target, cache));
        }
    }

    private static List<Telemetry> Alive()
    {
        lock (Gate)
        {
            return [.. Caches.Select(static known => known.TryGetTarget(out var cache) ? cache : null).OfType<Telemetry>()];
        }
    }

    private static void Observe(string name, string? unit, Func<Telemetry, long?> read) => Meter.CreateObservableGauge(
        name,
        () => Alive().Select(cache => read(cache) is { } value ? new Measurement<long>(value, cache.CacheTag) : (Measurement<long>?)null)
            .OfType<Measurement<long>>(),
        unit);
}

/// <summary>The state of a cache on this node, for the gauges.</summary>
/// <param name="LocalEntries">Entries in L1.</param>
/// <param name="LocalBytes">Their bytes.</param>
/// <param name="Undelivered">Invalidations that have not reached L2.</param>
/// <param name="IsStoreDown">Whether L2 does not answer.</param>
/// <param name="IsTrusted">Whether L1 is trusted.</param>
internal readonly record struct NodeState(long LocalEntries, long LocalBytes, long Undelivered, bool IsStoreDown, bool IsTrusted);
