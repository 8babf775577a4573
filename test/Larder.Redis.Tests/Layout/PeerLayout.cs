using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using ZiggyCreatures.Caching.Fusion;

namespace Larder.Redis.Tests.Layout;

/// <summary>
/// While a fleet goes over from HybridCache or FusionCache, both run on one server, perhaps with one prefix: what the one stored
/// is a miss for the other, never a wrong value.
/// </summary>
public abstract class PeerLayout(ServerFixture fixture) : IAsyncLifetime
{
    private readonly string _prefix = $"{Guid.NewGuid():N}:";
    private readonly string _key = "key";
    private ServiceProvider _peers = null!;
    private Node _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static User Ada => new(1, "ada@example.com");

    private HybridCache Microsofts => _peers.GetRequiredService<HybridCache>();

    private IFusionCache Fusion => _peers.GetRequiredService<IFusionCache>();

    public async ValueTask InitializeAsync()
    {
        _peers = StartPeers();
        _node = await StartNodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _peers.DisposeAsync();
        await _node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task LarderCache_OfAnObjectThatHybridCacheWrote_MakesItAnew()
    {
        await Microsofts.SetAsync(_key, Ada, tags: ["users"], cancellationToken: Cancel);

        await AssertIsMadeAnewAsync(Ada with { Id = 2 });
    }

    [Fact]
    public async Task LarderCache_OfTextThatHybridCacheWrote_MakesItAnew()
    {
        await Microsofts.SetAsync(_key, "theirs", cancellationToken: Cancel);

        await AssertIsMadeAnewAsync("new");
    }

    [Fact]
    public async Task LarderCache_OfBytesThatHybridCacheWrote_MakesThemAnew()
    {
        await Microsofts.SetAsync(_key, new byte[] { 1, 2, 3 }, cancellationToken: Cancel);

        // Without a look at it, the whole frame would be the value.
        await AssertIsMadeAnewAsync<byte[]>([4, 5, 6]);
    }

    [Fact]
    public async Task LarderCache_OfNoBytesThatHybridCacheWroteWithASize_MakesThemAnew()
    {
        // The shortest frame, and the second version of the format.
        await Microsofts.SetAsync("k", Array.Empty<byte>(), new HybridCacheEntryOptions { LocalSize = 1 }, cancellationToken: Cancel);

        Assert.False((await _node.Cache.TryGetAsync<byte[]>("k", Cancel)).Found);
    }

    [Fact]
    public async Task HybridCache_OfWhatLarderCacheWrote_MakesItAnewAndLarderCacheDoesSoAfterIt()
    {
        await _node.Cache.SetAsync(_key, Ada, tags: ["users"], cancellationToken: Cancel);

        var theirs = await Microsofts.GetOrCreateAsync(_key, _ => new ValueTask<User>(Ada with { Id = 2 }), cancellationToken: Cancel);

        Assert.Equal(2, theirs.Id);
        await using var other = await StartNodeAsync();
        Assert.False((await other.Cache.TryGetAsync<User>(_key, Cancel)).Found);
    }

    [Fact]
    public async Task RemoveByTag_OfHybridCache_LeavesWhatLarderCacheWrote()
    {
        await _node.Cache.SetAsync(_key, Ada, tags: ["users"], cancellationToken: Cancel);

        await Microsofts.RemoveByTagAsync("users", Cancel);

        await using var other = await StartNodeAsync();
        Assert.Equal(Ada, (await other.Cache.TryGetAsync<User>(_key, Cancel)).Value);
    }

    [Fact]
    public async Task LarderCache_BesideFusionCache_HasOtherKeys()
    {
        await Fusion.SetAsync(_key, Ada, tags: ["users"], token: Cancel);

        Assert.False((await _node.Cache.TryGetAsync<User>(_key, Cancel)).Found);
        await _node.Cache.SetAsync(_key, Ada with { Id = 2 }, cancellationToken: Cancel);

        Assert.True(await fixture.Database.KeyExistsAsync($"{_prefix}v2:{_key}"));
        await using var peers = StartPeers();
        Assert.Equal(1, (await peers.GetRequiredService<IFusionCache>().GetOrDefaultAsync<User>(_key, token: Cancel))!.Id);
    }

    [Fact]
    public async Task NamedCacheAndDefaultCache_OfOnePrefix_AreOneCache()
    {
        await using var named = await Node.StartAsync(
            builder => builder.Services.AddLarder("next", options => options.KeyPrefix = _prefix).UseRedis(fixture.Server.Configuration));
        var next = named.Services.GetRequiredKeyedService<HybridCache>("next");
        await next.SetAsync(_key, "old", cancellationToken: Cancel);
        Assert.Equal("old", (await _node.Cache.TryGetAsync<string>(_key, Cancel)).Value);

        await next.RemoveAsync(_key, Cancel);

        await Eventually.TrueAsync(async () => !(await _node.Cache.TryGetAsync<string>(_key, Cancel)).Found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddHybridCache_LeftBesideAddLarder_HybridCacheIsLarders(bool isFirst)
    {
        await using var node = await Node.StartAsync(builder =>
        {
            if (isFirst)
            {
                builder.Services.AddHybridCache();
            }

            builder.Services.AddLarder(options => options.KeyPrefix = _prefix).UseRedis(fixture.Server.Configuration);
            if (!isFirst)
            {
                builder.Services.AddHybridCache();
            }
        });

        Assert.Same(node.Cache, node.Services.GetRequiredService<HybridCache>());
    }

    [Fact]
    public async Task OldCaches_RegisteredBesideAddLarder_StillRemoveWhatTheOldServersRead()
    {
        await Microsofts.SetAsync("theirs", "old", cancellationToken: Cancel);
        await Fusion.SetAsync("fusion's", "old", token: Cancel);
        await using var node = await Node.StartAsync(builder =>
        {
            builder.Services.AddLarder(options => options.KeyPrefix = $"{_prefix}2:").UseRedis(fixture.Server.Configuration);
            builder.Services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (fixture.Server.Configuration, _prefix));
            builder.Services.AddKeyedHybridCache("old");
            builder.Services.AddFusionCacheSystemTextJsonSerializer();
            builder.Services.AddFusionCache().WithRegisteredSerializer().WithRegisteredDistributedCache();
        });

        await node.Services.GetRequiredKeyedService<HybridCache>("old").RemoveAsync("theirs", Cancel);
        await node.Services.GetRequiredService<IFusionCache>().RemoveAsync("fusion's", token: Cancel);

        Assert.Same(node.Cache, node.Services.GetRequiredService<HybridCache>());
        Assert.False(await fixture.Database.KeyExistsAsync($"{_prefix}theirs"));
        Assert.False(await fixture.Database.KeyExistsAsync($"{_prefix}v2:fusion's"));

        // What session stored stays readable: IDistributedCache is the last that was registered.
        Assert.IsAssignableFrom<RedisCache>(node.Services.GetRequiredService<IDistributedCache>());
    }

    private async Task AssertIsMadeAnewAsync<T>(T value)
    {
        Assert.False((await _node.Cache.TryGetAsync<T>(_key, Cancel)).Found);
        Assert.Equal(value, await _node.Cache.GetOrCreateAsync(_key, _ => new ValueTask<T>(value), cancellationToken: Cancel));

        await using var other = await StartNodeAsync();
        Assert.Equal(value, (await other.Cache.TryGetAsync<T>(_key, Cancel)).Value);
    }

    private Task<Node> StartNodeAsync() => Node.StartAsync(
        builder => builder.Services.AddLarder(options => options.KeyPrefix = _prefix).UseRedis(fixture.Server.Configuration));

    private ServiceProvider StartPeers()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (fixture.Server.Configuration, _prefix));
        services.AddHybridCache();
        services.AddFusionCacheSystemTextJsonSerializer();
        services.AddFusionCache().WithRegisteredSerializer().WithRegisteredDistributedCache();
        return services.BuildServiceProvider();
    }
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class RedisServerPeerLayout(RedisFixture fixture) : PeerLayout(fixture), IClassFixture<RedisFixture>;

/// <summary>On embedded Garnet.</summary>
public sealed class GarnetPeerLayout(GarnetFixture fixture) : PeerLayout(fixture), IClassFixture<GarnetFixture>;
