using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Testing.HybridCacheContract;

/// <summary>What the contract tests know of the cache that they run on. Each test has caches of its own.</summary>
public abstract class ContractHarness : IAsyncLifetime
{
    private readonly List<ServiceProvider> _nodes = [];

    // Several caches of one test share a server and this prefix: they are nodes of one cache.
    private readonly string _prefix = $"{Guid.NewGuid():N}:";

    /// <summary>The cache, by the type that apps know.</summary>
    protected HybridCache Cache => Larder;

    /// <summary>The cache.</summary>
    protected LarderCache Larder { get; private set; } = null!;

    /// <summary>Whether there is an L2.</summary>
    protected abstract bool HasStore { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Gives the cache its store, if it is to have one.</summary>
    protected abstract void UseStore(ILarderBuilder builder);

    public async ValueTask InitializeAsync() => Larder = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a cache: another node over the same store, if there is one. It trusts its L1 when this returns.</summary>
    protected async Task<LarderCache> StartAsync(Action<LarderOptions>? configure = null, Action<IServiceCollection>? register = null)
    {
        var services = new ServiceCollection();
        UseStore(services.AddLarder(options =>
        {
            options.KeyPrefix = _prefix;

            // The machine that runs the tests may stall; no test here is about this time-out.
            options.StoreTimeout = TimeSpan.FromSeconds(20);
            configure?.Invoke(options);
        }));
        register?.Invoke(services);
        var node = services.BuildServiceProvider();
        _nodes.Add(node);
        var cache = node.GetRequiredService<LarderCache>();
        await Eventually.TrueAsync(
            async () =>
            {
                await cache.SetAsync("started", 1, new LarderEntryOptions { Flags = HybridCacheEntryFlags.None });
                return (await cache.TryGetAsync<int>("started")).Level == CacheLevel.L1;
            },
            message: "the node trusts its L1");
        return cache;
    }

    /// <summary>A cache that has never seen what the others hold in L1: another node, or with no store the same.</summary>
    protected async Task<LarderCache> OtherNodeAsync() => HasStore ? await StartAsync() : Larder;
}
