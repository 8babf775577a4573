using System.Diagnostics;
using System.Diagnostics.Metrics;
using Larder.Inspection;
using Larder.Local;
using Larder.Overflow;
using Larder.Recovery;

namespace Larder.Diagnostics;

/// <summary>What one cache reports: to the meter, to the activity source, and to the subscribers of its events.</summary>
internal sealed class Telemetry : IDisposable
{
    private static readonly string[] Results = ["miss", "l1_hit", "l2_hit", "stale_hit"];

    private static readonly string[] EvictionReasons = ["capacity", "expired", "memory", "too_large"];

    private static readonly string[] OverflowResults = ["hit", "miss", "fault"];

    private readonly RequestCounts _requests = new();
    private int _reportsTags;

    public Telemetry(string cacheName, TimeProvider time)
    {
        CacheName = cacheName;
        CacheTag = new(LarderTelemetry.CacheTag, cacheName);
        Events = new LarderEvents(time) { Happened = (kind, subject, fault) => Watch?.Happened(kind, subject, fault) };
        Instruments.Register(this);
    }

    public string CacheName { get; }

    /// <summary>The cache's name.</summary>
    public KeyValuePair<string, object?> CacheTag { get; }

    public LarderEvents Events { get; }

    /// <summary>What is noted while somebody looks at the cache; <see langword="null"/> while nobody does.</summary>
    public Watch? Watch { get; set; }

    /// <summary>Tells the state of the node.</summary>
    public Func<NodeState>? State { get; set; }

    /// <summary>The overflow; <see langword="null"/> if there is none, and nothing is reported of it.</summary>
    public OverflowLevel? Overflow { get; set; }

    /// <summary>Tells how many entries L1 has evicted for a reason.</summary>
    public Func<EvictionReason, long>? EvictionsFor { get; set; }

    /// <summary>Tells how many garbage collections L1 has called for; <see langword="null"/> if it calls for none.</summary>
    public CollectionPace? Pace { get; set; }

    /// <summary>Whether somebody counts requests or looks at them: otherwise a hit costs two comparisons.</summary>
    public static bool CountsRequests => Instruments.Requests.Enabled || Audience.IsThere;

    /// <summary>How many requests had a result, while somebody counted.</summary>
    public long RequestsWith(RequestResult result) => _requests.Sum(result);

    /// <summary>From now on requests are counted by the tags of their entries too, whether anybody counts all of them or not.</summary>
    public void ReportTags()
    {
        if (Interlocked.Exchange(ref _reportsTags, 1) == 0)
        {
            Audience.Join();
        }
    }

    /// <summary>A call that asked for a value was answered. Ask <see cref="CountsRequests"/> first.</summary>
    /// <param name="key">The key.</param>
    /// <param name="result">How.</param>
    /// <param name="entryTags">The tags of the entry that it got, if there is one.</param>
    public void Request(string key, RequestResult result, string[]? entryTags)
    {
        _requests.Add(result);
        if (entryTags is not null && Volatile.Read(ref _reportsTags) != 0)
        {
            foreach (var tag in entryTags)
            {
                Instruments.RequestsByTag.Add(
                    1, CacheTag, new(LarderTelemetry.ResultTag, Results[(int)result]), new(LarderTelemetry.EntryTag, tag));
            }
        }

        Watch?.Request(key, result);
        if (Events.HasSubscribers)
        {
            Events.Emit(new(LarderEvents.KindOf(result), key) { Level = LarderEvents.LevelOf(result) });
        }
    }

    public IEnumerable<Measurement<long>> RequestMeasurements() => Enum.GetValues<RequestResult>().Select(result =>
        new Measurement<long>(_requests.Sum(result), CacheTag, new(LarderTelemetry.ResultTag, Results[(int)result])));

    /// <summary>Whether somebody traces calls.</summary>
    public static bool IsTraced => Instruments.Source.HasListeners();

    /// <summary>Begins the span of a call that L1 could not answer.</summary>
    public Activity? BeginGet()
    {
        var activity = IsTraced ? Instruments.Source.StartActivity(LarderTelemetry.GetActivity) : null;
        activity?.SetTag(CacheTag.Key, CacheTag.Value);
        return activity;
    }

    /// <summary>The result of that call.</summary>
    public static void EndGet(Activity? activity, RequestResult result) => activity?.SetTag(LarderTelemetry.ResultTag, Results[(int)result]);

    /// <summary>Begins a run of a factory.</summary>
    public Timing BeginFactory() => new(Start(LarderTelemetry.FactoryActivity, ActivityKind.Internal), Instruments.FactoryDuration.Enabled || Watch is not null);

    /// <summary>A factory has ended.</summary>
    public void EndFactory(Timing timing, Exception? fault)
    {
        Watch?.FactoryEnded(timing.Elapsed);
        End(timing, Instruments.FactoryDuration, fault, null);
    }

    /// <summary>Begins an operation of L2.</summary>
    public Timing BeginStore(StoreOperation operation)
    {
        var activity = operation is StoreOperation.Pulse or StoreOperation.Start ? null : StartAside(LarderTelemetry.StoreActivity, ActivityKind.Client);
        activity?.SetTag(LarderTelemetry.OperationTag, operation.Name());
        return new(activity, Instruments.StoreDuration.Enabled || Watch is not null);
    }

    /// <summary>An operation of L2 has ended.</summary>
    public void EndStore(Timing timing, StoreOperation operation, Exception? fault)
    {
        Watch?.StoreEnded(operation, timing.Elapsed);
        End(timing, Instruments.StoreDuration, fault, operation.Name());
    }

    /// <summary>L1 had no value, and the overflow was looked into.</summary>
    public void OverflowRead(OverflowResult result) =>
        Instruments.OverflowReads.Add(1, CacheTag, new(LarderTelemetry.ResultTag, OverflowResults[(int)result]));

    /// <summary>A caller shares the load of another.</summary>
    public void Joined()
    {
        Watch?.Joined();
        Instruments.FlightsJoined.Add(1, CacheTag);
    }

    /// <summary>A load waits for another node's lease.</summary>
    public void AwaitsLease()
    {
        Watch?.AwaitsLease();
        Instruments.LeasesAwaited.Add(1, CacheTag);
    }

    /// <summary>Messages of the feed may have been missed.</summary>
    public void Lost()
    {
        Watch?.Lost();
        Instruments.FeedLosses.Add(1, CacheTag);
        Events.EmitIfWatched(LarderEventKind.TrustLost);
    }

    /// <summary>An echo came back.</summary>
    public void Lag(TimeSpan time) => Instruments.FeedLag.Record(time.TotalSeconds, CacheTag);

    /// <summary>What <see cref="LarderTelemetry.ReasonTag"/> says of a reason.</summary>
    public static string NameOf(EvictionReason reason) => EvictionReasons[(int)reason];

    public IEnumerable<Measurement<long>> EvictionMeasurements() => EvictionsFor is not { } count ? [] : Enum.GetValues<EvictionReason>().Select(reason =>
        new Measurement<long>(count(reason), CacheTag, new(LarderTelemetry.ReasonTag, NameOf(reason))));

    public IEnumerable<Measurement<long>> CollectionMeasurements() => Pace is { } pace ? [new(pace.Called, CacheTag)] : [];

    public void Dispose()
    {
        Watch?.Dispose();
        Instruments.Unregister(this);
        if (Interlocked.Exchange(ref _reportsTags, 0) != 0)
        {
            Audience.Leave();
        }

        Events.Dispose();
    }

    /// <summary>Keys or tags were invalidated, by another node if one is given.</summary>
    public void Invalidated(LarderEventKind kind, ReadOnlySpan<string> subjects, string? node)
    {
        Watch?.Invalidated(kind, subjects, node);
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

    // Nothing begins within it: whoever called goes on as before, while it runs.
    private Activity? StartAside(string name, ActivityKind kind)
    {
        if (!IsTraced)
        {
            return null;
        }

        var current = Activity.Current;
        var activity = Start(name, kind);
        Activity.Current = current;
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
