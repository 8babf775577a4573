using System.Text;
using Larder.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Larder.Testing.Conformance;

/// <summary>What the conformance tests know of the store that they run on. Each test has a store of its own, or a prefix.</summary>
public abstract class StoreHarness : IAsyncLifetime
{
    private readonly List<ILarderStore> _stores = [];

    /// <summary>Makes a store of one node. Those of one test work on the same server.</summary>
    protected abstract ValueTask<ILarderStore> CreateStoreAsync(StoreContext context);

    /// <summary>Empties the server, as an operator or an eviction would, behind the stores' backs.</summary>
    protected abstract Task FlushAsync();

    /// <summary>The clock of the nodes.</summary>
    protected virtual TimeProvider TimeProvider => TimeProvider.System;

    /// <summary>The shortest time that the tests tell apart; it is long enough for a few operations of a busy machine.</summary>
    protected virtual TimeSpan Unit => TimeSpan.FromMilliseconds(700);

    /// <summary>Whether a touch takes into account how long ago the entry was read.</summary>
    protected virtual bool TouchCountsIdleTime => true;

    /// <summary>Whether reading an entry slides it.</summary>
    protected virtual bool ReadingSlides => false;

    /// <summary>Whether an entry that slides can be kept past its expiration.</summary>
    protected virtual bool KeepsSlidingEntries => true;

    /// <summary>A key prefix that no other test has.</summary>
    protected string Prefix { get; } = $"{Guid.NewGuid():N}:";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Lets time pass for nodes and server; a little more, since a timer can be early by the server's clock.</summary>
    protected virtual Task ElapseAsync(TimeSpan time) => Task.Delay(time + TimeSpan.FromMilliseconds(20), Cancel);

    protected Task ElapseAsync(double units) => ElapseAsync(Unit * units);

    public virtual ValueTask InitializeAsync() => default;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Makes and starts a store.</summary>
    protected async Task<ILarderStore> StartAsync(string nodeId = "a", string? prefix = null, IFeedObserver? observer = null)
    {
        var store = await CreateStoreAsync(new StoreContext
        {
            CacheName = "",
            KeyPrefix = prefix ?? Prefix,
            NodeId = nodeId,
            TimeProvider = TimeProvider,
            LoggerFactory = NullLoggerFactory.Instance,
        });
        _stores.Add(store);
        await store.StartAsync(observer ?? new FeedRecorder(), Cancel);
        return store;
    }

    /// <summary>Makes and starts a store; skips the test if the store does not claim <paramref name="capability"/>.</summary>
    protected async Task<ILarderStore> StartAsync(StoreCapabilities capability, string nodeId = "a", IFeedObserver? observer = null)
    {
        var store = await StartAsync(nodeId, observer: observer);
        Assert.SkipUnless(store.Capabilities.HasFlag(capability), $"{store.Description} does not claim {capability}.");
        return store;
    }

    protected static StoreWrite Value(string text) => new() { Payload = Encoding.UTF8.GetBytes(text) };

    protected static string? Text(StoreEntry? entry) => entry is { } found ? Encoding.UTF8.GetString(found.Payload.Span) : null;

    protected static async Task<string?> ReadTextAsync(ILarderStore store, string key) => Text(await store.ReadAsync(key, Cancel));
}
