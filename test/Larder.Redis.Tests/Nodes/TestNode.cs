using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Redis.Tests.Nodes;

/// <summary>One app server: a cache of its own on the test's server, with a connection of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private GatedStore? _store;

    public TestNode(string servers, Action<LarderOptions>? configure, AfterFailover afterFailover = AfterFailover.Invalidate, TimeProvider? time = null)
        : this(new LarderRedisOptions { Configuration = servers, AfterFailover = afterFailover }, configure, time)
    {
    }

    public TestNode(
        LarderRedisOptions redis, Action<LarderOptions>? configure = null, TimeProvider? time = null, Action<ILarderBuilder>? build = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        var builder = services.AddLarder(options =>
        {
            // The machine that runs the tests may stall; no test here is about this time-out.
            options.StoreTimeout = TimeSpan.FromSeconds(20);
            configure?.Invoke(options);
        }).UseStore((provider, context) => _store = new GatedStore(RedisStore.Create(context, redis, provider)));
        build?.Invoke(builder);
        _services = services.BuildServiceProvider();
        Cache = _services.GetRequiredService<LarderCache>();
    }

    public LarderCache Cache { get; }

    public IServiceProvider Services => _services;

    public GatedStore Store => _store!;

    /// <summary>Waits until the node listens to the feed, and uses L2.</summary>
    public Task TrustsItsL1Async(TimeSpan? within = null) => Eventually.TrueAsync(
        () => Cache.Node.Trust.IsTrusted(Cache.Node.Clock.Now) && !Cache.Node.Line!.IsDown,
        within ?? TimeSpan.FromSeconds(30), // the library takes 5 for a first attempt that finds no server
        "the node trusts its L1");

    /// <summary>Waits until the node has heard of everything that was published so far.</summary>
    public async Task CatchUpAsync()
    {
        var node = Cache.Node;
        var heardUntil = MonotonicClock.After(node.Clock.Now, node.Options.MaxStaleness);
        await Eventually.TrueAsync(
            async () =>
            {
                await node.Line!.Store.PulseAsync(node.Feed!.NextEcho(), default);
                return node.Trust.Until >= heardUntil;
            },
            TimeSpan.FromSeconds(30),
            "an echo came back");
    }

    /// <summary>
    /// Sets a value that the node then has in L1. The client library reports a connection some time after it was made, and
    /// what was stored before is out then.
    /// </summary>
    public Task HoldsInL1Async(string key, string value, params string[] tags) => Eventually.TrueAsync(
        async () =>
        {
            await Cache.SetAsync(key, value, tags: tags);
            return (await Cache.TryGetAsync<string>(key)).Level == CacheLevel.L1;
        },
        TimeSpan.FromSeconds(30),
        $"'{key}' is in L1");

    /// <summary>Reads a key with a factory that returns at once.</summary>
    public Task<string> GetAsync(string key, string made) =>
        Cache.GetOrCreateAsync(key, made, static (made, _) => ValueTask.FromResult(made)).AsTask();

    /// <summary>Reads a key with a factory that takes its value first, and then waits at the gate.</summary>
    public Task<string> GetSlowlyAsync(string key, string made, Gate gate, IEnumerable<string>? tags = null) => Cache.GetOrCreateAsync(
        key,
        (made, gate),
        static async (state, cancellationToken) =>
        {
            await state.gate.PassAsync(cancellationToken);
            return state.made;
        },
        tags: tags).AsTask();

    /// <summary>What the node has for a key, in L1 or L2; null for nothing.</summary>
    public async Task<string?> PeekAsync(string key) => (await Cache.TryGetAsync<string>(key)).Value;

    /// <summary>What L2 has for a key, whatever is in L1; null for nothing.</summary>
    public Task<string?> PeekStoreAsync(string key) => Cache.GetOrCreateAsync<string?>(
        key,
        static _ => ValueTask.FromResult<string?>(null),
        new HybridCacheEntryOptions
        {
            Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableUnderlyingData,
        }).AsTask();

    /// <summary>Waits until the node has no copy of a key in L1.</summary>
    public Task LocalIsGoneAsync(string key) =>
        Eventually.TrueAsync(() => !Cache.Node.Local.Local.TryGet(key, out _), message: $"'{key}' is gone from L1");

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
