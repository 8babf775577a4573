using Larder.Feed;
using Larder.Fences;
using Larder.Leases;
using Larder.Local;
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

    public CacheNode(LarderOptions options, string nodeId, ILarderStore? store, PayloadSerializers serializers, TimeProvider time, ILogger log)
    {
        Options = options;
        NodeId = nodeId;
        Serializers = serializers;
        Log = log;
        DefaultPolicy = EntryPolicy.Compose(null, options.DefaultEntryOptions);
        Clock = new MonotonicClock(time);
        Undelivered = new Undelivered(Clock);
        Trust = store is null ? Trust.Always() : Trust.ByEcho();
        Tags = store is null ? TagClock.Local() : new TagClock();
        var hasFeed = store is null || store.Capabilities.HasFlag(StoreCapabilities.Feed);
        Local = new FencedLocal(new LocalCache(options.Local), Trust, Tags, Clock, options.MaxStaleness, hasFeed);
        _sweeper = new Sweeper(Local.Local, Clock);
        if (store is not null)
        {
            Line = new StoreLine(store, options.StoreTimeout, time, log);
            Touches = new TouchQueue(Line, Clock, log);
            Feed = new FeedListener(nodeId, Local, Trust, Tags, Waits, Clock, options.MaxStaleness);
        }
    }

    public LarderOptions Options { get; }

    public string NodeId { get; }

    public EntryPolicy DefaultPolicy { get; }

    public PayloadSerializers Serializers { get; }

    public PayloadPacking Packing { get; init; } = PayloadPacking.None;

    public ILogger Log { get; }

    public MonotonicClock Clock { get; }

    public Trust Trust { get; }

    public TagClock Tags { get; }

    public FencedLocal Local { get; }

    public LeaseWaits Waits { get; } = new();

    public Undelivered Undelivered { get; }

    /// <summary>The way to L2; <see langword="null"/> if the cache has none.</summary>
    public StoreLine? Line { get; }

    public TouchQueue? Touches { get; }

    public FeedListener? Feed { get; }

    public EntryPolicy Compose(HybridCacheEntryOptions? options) =>
        options is null ? DefaultPolicy : EntryPolicy.Compose(options, Options.DefaultEntryOptions);

    public ReadOnlyMemory<byte> Pack(string key, ReadOnlyMemory<byte> payload, EntryPolicy policy) =>
        Packing.Pack(key, payload, compress: !policy.Has(HybridCacheEntryFlags.DisableCompression));

    public bool Can(StoreCapabilities capability) => Line is not null && (Line.Store.Capabilities & capability) != 0;

    public LeaseToken NewLease() => new($"{NodeId}:{Interlocked.Increment(ref _lastLease)}");

    public async ValueTask DisposeAsync()
    {
        _sweeper.Dispose();
        Touches?.Dispose();
        if (Line is not null)
        {
            await Line.Store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
