using System.Diagnostics;
using System.Diagnostics.Metrics;
using Larder.Local;
using Larder.Recovery;

namespace Larder.Diagnostics;

/// <summary>What one cache reports: to the meter, to the activity source, and to the subscribers of its events.</summary>
internal sealed class Telemetry : IDisposable
{
    private static readonly string[] Results = ["miss", "l1_hit", "l2_hit", "stale_hit"];

    private static readonly string[] EvictionReasons = ["capacity", "expired", "memory", "too_large"];

    private readonly RequestCounts _requests = new();

    public Telemetry(string cacheName, TimeProvider time)
    {
        CacheTag = new(LarderTelemetry.CacheTag, cacheName);
        Events = new LarderEvents(time);
        Instruments.Register(this);
    }

    /// <summary>The cache's name.</summary>
    public KeyValuePair<string, object?> CacheTag { get; }

    public LarderEvents Events { get; }

    /// <summary>Tells the state of the node.</summary>
    public Func<NodeState>? State { get; set; }

    /// <summary>Tells how many entries L1 has evicted for a reason.</summary>
    public Func<EvictionReason, long>? EvictionsFor { get; set; }

    /// <summary>Whether somebody counts requests or looks at them: otherwise a hit costs two comparisons.</summary>
    public bool CountsRequests => Instruments.Requests.Enabled || Events.HasSubscribers;

    /// <summary>How many requests had a result, while somebody counted.</summary>
    public long RequestsWith(RequestResult result) => _requests.Sum(result);

    /// <summary>A call that asked for a value was answered. Ask <see cref="CountsRequests"/> first.</summary>
    public void Request(string key, RequestResult result)
    {
        _requests.Add(result);
        if (Events.HasSubscribers)
        {
            Events.Emit(new(
                result switch
                {
                    RequestResult.L1Hit or RequestResult.L2Hit => LarderEventKind.Hit,
                    RequestResult.StaleHit => LarderEventKind.StaleHit,
                    _ => LarderEventKind.Miss,
                },
                key)
            {
                Level = result switch { RequestResult.L1Hit => CacheLevel.L1, RequestResult.L2Hit => CacheLevel.L2, _ => CacheLevel.None },
            });
        }
    }

    public IEnumerable<Measurement<long>> RequestMeasurements() => Enum.GetValues<RequestResult>().Select(result =>
        new Measurement<long>(_requests.Sum(result), CacheTag, new(LarderTelemetry.ResultTag, Results[(int)result])));

    /// <summary>Begins the span of a call that L1 could not answer.</summary>
    public Activity? BeginGet()
    {
        var activity = Instruments.Source.HasListeners() ? Instruments.Source.StartActivity(LarderTelemetry.GetActivity) : null;
        activity?.SetTag(CacheTag.Key, CacheTag.Value);
        return activity;
    }

    /// <summary>The result of that call.</summary>
    public static void EndGet(Activity? activity, RequestResult result) => activity?.SetTag(LarderTelemetry.ResultTag, Results[(int)result]);

    /// <summary>Begins a run of a factory.</summary>
    public Timing BeginFactory() => new(Start(LarderTelemetry.FactoryActivity, ActivityKind.Internal), Instruments.FactoryDuration.Enabled);

    /// <summary>A factory has ended.</summary>
    public void EndFactory(Timing timing, Exception? fault) => End(timing, Instruments.FactoryDuration, fault, null);

    /// <summary>Begins an operation of L2.</summary>
    public Timing BeginStore(StoreOperation operation)
    {
        var activity = operation is StoreOperation.Pulse or StoreOperation.Start ? null : Start(LarderTelemetry.StoreActivity, ActivityKind.Client);
        activity?.SetTag(LarderTelemetry.OperationTag, operation.Name());
        return new(activity, Instruments.StoreDuration.Enabled);
    }

    /// <summary>An operation of L2 has ended.</summary>
    public void EndStore(Timing timing, StoreOperation operation, Exception? fault) => End(timing, Instruments.StoreDuration, fault, operation.Name());

    /// <summary>A caller shares the load of another.</summary>
    public void Joined() => Instruments.FlightsJoined.Add(1, CacheTag);

    /// <summary>A load waits for another node's lease.</summary>
    public void AwaitsLease() => Instruments.LeasesAwaited.Add(1, CacheTag);

    /// <summary>Messages of the feed may have been missed.</summary>
    public void Lost()
    {
        Instruments.FeedLosses.Add(1, CacheTag);
        Events.EmitIfWatched(LarderEventKind.TrustLost);
    }

    /// <summary>An echo came back.</summary>
    public void Lag(TimeSpan time) => Instruments.FeedLag.Record(time.TotalSeconds, CacheTag);

    public IEnumerable<Measurement<long>> EvictionMeasurements() => EvictionsFor is not { } count ? [] : Enum.GetValues<EvictionReason>().Select(reason =>
        new Measurement<long>(count(reason), CacheTag, new(LarderTelemetry.ReasonTag, EvictionReasons[(int)reason])));

    public void Dispose()
    {
        Instruments.Unregister(this);
        Events.Dispose();
    }

    /// <summary>Keys or tags were invalidated, by another node if one is given.</summary>
    public void Invalidated(LarderEventKind kind, string[] subjects, string? node)
    {
        if (Instruments.Invalidations.Enabled)
        {
            Instruments.Invalidations.Add(
                subjects.Length,
                CacheTag,
                new(LarderTelemetry.KindTag, kind.ToString().ToLowerInvariant()),
                new(LarderTelemetry.DirectionTag, node is null ? "sent" : "received"));
        }

        if (Events.HasSubscribers)
        {
            foreach (var subject in subjects)
            {
                Events.Emit(new(kind, subject) { Node = node });
            }
        }
    }

    private Activity? Start(string name, ActivityKind kind)
    {
        var activity = Instruments.Source.HasListeners() ? Instruments.Source.StartActivity(name, kind) : null;
        activity?.SetTag(CacheTag.Key, CacheTag.Value);
        return activity;
    }

    private void End(Timing timing, Histogram<double> histogram, Exception? fault, string? operation)
    {
        if (timing.IsIdle)
        {
            return;
        }

        var outcome = fault switch { null => "ok", TimeoutException => "timeout", OperationCanceledException => "cancelled", _ => "error" };
        var tags = new TagList { CacheTag, { LarderTelemetry.OutcomeTag, outcome } };
        if (operation is not null)
        {
            tags.Add(LarderTelemetry.OperationTag, operation);
        }

        timing.End(histogram, tags, fault is null ? null : outcome);
    }
}
