using Larder.Diagnostics;
using Larder.Recovery;
using Larder.Stores;

namespace Larder.Inspection;

/// <summary>
/// What a node notes of its work while somebody looks: from the first question until a minute after the last. Before and
/// after, the cache has nothing to tell it.
/// </summary>
internal sealed class Watch : IDisposable
{
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(1);

    private readonly Telemetry _telemetry;
    private readonly MonotonicClock _clock;
    private readonly bool _hasFeed;
    private readonly ITimer _end;
    private readonly long[] _baseline;
    private readonly Histogram _factory = new();
    private readonly Histogram[] _store;
    private readonly RequestSampler _sampler;
    private readonly EventRing _events = new();
    private readonly ShortLives _shortLives = new();
    private long _joined;
    private long _leasesAwaited;
    private long _sent;
    private long _received;
    private long _losses;
    private long _failures;

    private Watch(Telemetry telemetry, MonotonicClock clock, bool hasFeed)
    {
        _telemetry = telemetry;
        _clock = clock;
        _hasFeed = hasFeed;
        _sampler = new RequestSampler(clock);
        _store = [.. Enum.GetValues<StoreOperation>().Select(static _ => new Histogram())];
        _baseline = [.. Enum.GetValues<RequestResult>().Select(telemetry.RequestsWith)];
        Since = clock.Provider.GetUtcNow();
        _end = clock.Provider.CreateTimer(static watch => ((Watch)watch!).Dispose(), this, Lingering, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When it began.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>The requests, sampled.</summary>
    public RequestSampler Requests => _sampler;

    /// <summary>Keys that live shorter than they take to make.</summary>
    public ShortLives ShortLives => _shortLives;

    /// <summary>What happened.</summary>
    public EventRing Events => _events;

    /// <summary>The watch of a cache, which goes on for a minute from now; begins one if there is none.</summary>
    public static Watch Of(Telemetry telemetry, MonotonicClock clock, bool hasFeed)
    {
        lock (telemetry)
        {
            var watch = telemetry.Watch;
            if (watch is null)
            {
                telemetry.Watch = watch = new Watch(telemetry, clock, hasFeed);
                Audience.Join();
            }
            else
            {
                watch._end.Change(Lingering, Timeout.InfiniteTimeSpan);
            }

            return watch;
        }
    }

    /// <summary>A request was answered.</summary>
    public void Request(string key, RequestResult result)
    {
        if (_sampler.Sample(key, isHit: result != RequestResult.Miss) is > 0 and var weight)
        {
            Add(new()
            {
                At = Now,
                Kind = LarderEvents.KindOf(result),
                Subject = key,
                Level = LarderEvents.LevelOf(result),
                Weight = weight,
            });
        }
    }

    /// <summary>Keys or tags were invalidated, by another node if one is given.</summary>
    public void Invalidated(LarderEventKind kind, ReadOnlySpan<string> subjects, string? node)
    {
        Interlocked.Add(ref node is null ? ref _sent : ref _received, subjects.Length);
        if (!_hasFeed)
        {
            foreach (var subject in subjects)
            {
                Add(new() { At = Now, Kind = kind, Subject = subject });
            }
        }
    }

    /// <summary>The feed brought an invalidation, perhaps this node's own.</summary>
    public void Received(LarderEventKind kind, string subject, in FeedMessage message) =>
        Add(new() { At = Now, Kind = kind, Subject = subject, Publisher = message.Publisher, Number = message.Number });

    /// <summary>Something else happened.</summary>
    public void Happened(LarderEventKind kind, string subject, Exception? fault)
    {
        if (kind == LarderEventKind.FactoryFailed)
        {
            Interlocked.Increment(ref _failures);
        }

        if (kind != LarderEventKind.Evict || _sampler.TakesEvent())
        {
            Add(new() { At = Now, Kind = kind, Subject = subject, Fault = fault?.Message });
        }
    }

    /// <summary>A caller shares the load of another.</summary>
    public void Joined() => Interlocked.Increment(ref _joined);

    /// <summary>A load waits for another node's lease.</summary>
    public void AwaitsLease() => Interlocked.Increment(ref _leasesAwaited);

    /// <summary>Messages may have been missed.</summary>
    public void Lost() => Interlocked.Increment(ref _losses);

    /// <summary>A factory has ended.</summary>
    public void FactoryEnded(TimeSpan time) => _factory.Add(time);

    /// <summary>An operation of L2 has ended.</summary>
    public void StoreEnded(StoreOperation operation, TimeSpan time) => _store[(int)operation].Add(time);

    /// <summary>What was counted.</summary>
    public Counts Read() => new()
    {
        Since = Since,
        L1Hits = Count(RequestResult.L1Hit),
        L2Hits = Count(RequestResult.L2Hit),
        StaleHits = Count(RequestResult.StaleHit),
        Misses = Count(RequestResult.Miss),
        FlightsJoined = Volatile.Read(ref _joined),
        LeasesAwaited = Volatile.Read(ref _leasesAwaited),
        InvalidationsSent = Volatile.Read(ref _sent),
        InvalidationsReceived = Volatile.Read(ref _received),
        FeedLosses = Volatile.Read(ref _losses),
        FactoryFailures = Volatile.Read(ref _failures),
        Factory = _factory.Read(),
        Store = Enum.GetValues<StoreOperation>()
            .Select(operation => (Name: operation.Name(), Durations: _store[(int)operation].Read()))
            .Where(static one => one.Durations.Count > 0)
            .ToDictionary(static one => one.Name, static one => one.Durations),
    };

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        lock (_telemetry)
        {
            if (_telemetry.Watch == this)
            {
                _telemetry.Watch = null;
                Audience.Leave();
                _end.Dispose();
            }
        }
    }

    private DateTimeOffset Now => _clock.Provider.GetUtcNow();

    private long Count(RequestResult result) => _telemetry.RequestsWith(result) - _baseline[(int)result];

    private void Add(LiveEvent happened) => _events.Add(happened);
}
