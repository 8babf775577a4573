using Larder.Diagnostics;
using Larder.Explaining;
using Larder.Factories;
using Larder.Feed;
using Larder.Fences;
using Larder.Inspection;
using Larder.Leases;
using Larder.Local;
using Larder.Overflow;
using Larder.Payloads;
using Larder.Payloads.Packing;
using Larder.Policies;
using Larder.Recovery;
using Larder.Sliding;
using Larder.Stores;
using Larder.Tags;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace Larder;

/// <summary>The parts of one cache on this node, put together.</summary>
internal sealed class CacheNode : IAsyncDisposable
{
    private readonly Sweeper _sweeper;
    private long _lastLease;

    public CacheNode(
        LarderOptions options, string nodeId, ILarderStore? store, PayloadSerializers serializers, Telemetry telemetry, TimeProvider time, ILogger log)
    {
        Options = options;
        NodeId = nodeId;
        Serializers = serializers;
        Telemetry = telemetry;
        Log = log;
        Policies = new EntryPolicies(options);
        Clock = new MonotonicClock(time);
        StartedAt = time.GetUtcNow();
        History = new History(Clock);
        Undelivered = new Undelivered(Clock);
        Trust = store is null ? Trust.Always() : Trust.ByEcho();
        Tags = store is null ? TagClock.Local() : new TagClock();
        var hasFeed = store is null || store.Capabilities.HasFlag(StoreCapabilities.Feed);
        Overflow = OverflowLevel.Open(this, telemetry.CacheName);
        var goal = options.Local.CollectionPauseGoal;
        var pace = goal > TimeSpan.Zero ? new CollectionPace(goal, RuntimeYoungGenerations.Instance, Clock) : null;
        var local = new LocalCache(options.Local) { Evicted = Evict, Pace = pace };
        Local = new FencedLocal(local, Trust, Tags, Clock, options.MaxStaleness, hasFeed) { Overflow = Overflow };
        _sweeper = new Sweeper(local, Clock);
        if (store is not null)
        {
            Line = new StoreLine(store, options, Clock, telemetry, log);
            Touches = new TouchQueue(Line, Clock, log);
            Feed = new FeedListener(nodeId, this);
        }

        telemetry.State = ReadState;
        telemetry.EvictionsFor = local.EvictionsFor;
        telemetry.Pace = pace;
        telemetry.Overflow = Overflow;
        if (options.ReportTagMetrics)
        {
            telemetry.ReportTags();
        }
    }

    public LarderOptions Options { get; }

    public string NodeId { get; }

    public EntryPolicies Policies { get; }

    public PayloadSerializers Serializers { get; }

    public Telemetry Telemetry { get; }

    public History History { get; }

    public PayloadPacking Packing { get; init; } = PayloadPacking.None;

    public ServiceScopes Scopes { get; init; } = new(null);

    public ILogger Log { get; }

    public MonotonicClock Clock { get; }

    public DateTimeOffset StartedAt { get; }

    public Trust Trust { get; }

    public TagClock Tags { get; }

    public FencedLocal Local { get; }

    /// <summary>What L1 has no room for; <see langword="null"/> if that is given up.</summary>
    public OverflowLevel? Overflow { get; }

    public LeaseWaits Waits { get; } = new();

    public Undelivered Undelivered { get; }

    public Underway Underway { get; } = new();

    /// <summary>The way to L2; <see langword="null"/> if the cache has none.</summary>
    public StoreLine? Line { get; }

    public TouchQueue? Touches { get; }

    public FeedListener? Feed { get; }

    public ReadOnlyMemory<byte> Pack(string key, ReadOnlyMemory<byte> payload, EntryPolicy policy) =>
        Packing.Pack(key, payload, compress: !policy.Has(HybridCacheEntryFlags.DisableCompression));

    public bool Can(StoreCapabilities capability) => Line is not null && (Line.Store.Capabilities & capability) != 0;

    /// <summary>Learns what L2 answered about tags.</summary>
    /// <param name="reading">The answer.</param>
    /// <param name="tags">The tags that were asked for.</param>
    /// <param name="asOf"><see cref="TagClock.Forgets"/> of before L2 was asked.</param>
    /// <returns>Whether all of it was learned; otherwise the answer is too old.</returns>
    public bool LearnTags(TagReading reading, IReadOnlyList<string> tags, long asOf) =>
        Can(StoreCapabilities.Feed) ? Tags.Learn(reading, tags, asOf) : Tags.LearnUnheard(reading, tags, asOf);

    /// <summary>Says, at Debug, that a value was not stored; the key as the app lets it be seen.</summary>
    public void LogRefused(string key)
    {
        if (Log.IsEnabled(LogLevel.Debug))
        {
            Larder.Log.CommitRefused(Log, Options.KeyRedactor is { } redact ? redact(key) : key);
        }
    }

    /// <summary>A call that asked for a value was answered by an entry.</summary>
    public void Count(CachedEntry entry, RequestResult result)
    {
        if (Telemetry.CountsRequests)
        {
            Note(entry.Key, result, entry.Tags);
        }
    }

    /// <summary>A call that asked for a value was answered.</summary>
    /// <param name="key">The key.</param>
    /// <param name="result">How.</param>
    /// <param name="entryTags">The tags of what it got; <see langword="null"/> for none.</param>
    public void Count(string key, RequestResult result, string[]? entryTags)
    {
        if (Telemetry.CountsRequests)
        {
            Note(key, result, entryTags);
        }
    }

    /// <summary>Keys or tags were invalidated.</summary>
    /// <param name="kind">How.</param>
    /// <param name="subjects">The keys or tags.</param>
    /// <param name="publisher">The other node that did it; <see langword="null"/> for this one.</param>
    public void Note(LarderEventKind kind, ReadOnlySpan<string> subjects, string? publisher = null)
    {
        Telemetry.Invalidated(kind, subjects, publisher);
        foreach (var subject in subjects)
        {
            History.NoteInvalidation(kind, subject, publisher ?? NodeId);
        }
    }

    /// <summary>What is noted while somebody looks; it begins now, or goes on for a minute from now.</summary>
    public Watch Watch() => Inspection.Watch.Of(Telemetry, Clock, hasFeed: Can(StoreCapabilities.Feed));

    public LeaseToken NewLease() => new($"{NodeId}:{Interlocked.Increment(ref _lastLease)}");

    public async ValueTask DisposeAsync()
    {
        _sweeper.Dispose();
        Telemetry.Dispose();
        Touches?.Dispose();
        if (Overflow is not null)
        {
            await Overflow.DisposeAsync().ConfigureAwait(false);
        }

        if (Line is not null)
        {
            await Line.Store.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Evict(LocalEntry entry)
    {
        Overflow?.Take((CachedEntry)entry);
        Telemetry.Events.EmitIfWatched(LarderEventKind.Evict, entry.Key);
    }

    private void Note(string key, RequestResult result, string[]? entryTags)
    {
        Telemetry.Request(key, result, entryTags);
        CacheStatusLog.Current?.Note(this, key, result);
    }

    private NodeState ReadState() => new(
        Local.Local.Count, Local.Local.Bytes, Undelivered.Count, Line is { IsDown: true }, Trust.IsTrusted(Clock.Now));
}
