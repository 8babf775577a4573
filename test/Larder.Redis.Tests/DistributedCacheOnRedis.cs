using System.Buffers;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests;

/// <summary><see cref="IDistributedCache"/> on the cache's own connection, beside a <see cref="LarderCache"/> on the same keys.</summary>
public abstract class DistributedCacheOnRedis(ServerFixture fixture) : IAsyncLifetime
{
    private readonly string _key = $"key {Guid.NewGuid():N}";
    private Node _a = null!;
    private Node _b = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _a = await Node.StartAsync(fixture.Server.Configuration);
        _b = await Node.StartAsync(fixture.Server.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Services_OfTheApp_OfferBothInterfaces()
    {
        Assert.NotNull(_a.Services.GetService<IDistributedCache>());
        Assert.Same(_a.Services.GetService<IDistributedCache>(), _a.Services.GetService<IBufferDistributedCache>() ?? _a.Distributed);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Get_OnAnotherNode_TheLastWrite()
    {
        await _a.Distributed.SetAsync(_key, [1], Cancel);
        Assert.Equal([1], await _b.Distributed.GetAsync(_key, Cancel) ?? []);

        await _a.Distributed.SetAsync(_key, [2], Cancel);
        Assert.Equal([2], await _b.Distributed.GetAsync(_key, Cancel) ?? []);

        await _b.Distributed.RemoveAsync(_key, Cancel);
        Assert.Null(await _a.Distributed.GetAsync(_key, Cancel));
    }

    [Fact]
    public void SynchronousMethods_OnAThreadPoolThread_Work()
    {
        var buffer = new ArrayBufferWriter<byte>();
        _a.Distributed.Set(_key, [1, 2, 3], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(1) });
        _a.Distributed.Refresh(_key);

        Assert.Equal([1, 2, 3], _b.Distributed.Get(_key)!);
        Assert.True(_b.Distributed.TryGet(_key, buffer));
        Assert.Equal([1, 2, 3], buffer.WrittenMemory.ToArray());
        _b.Distributed.Remove(_key);
        Assert.Null(_a.Distributed.Get(_key));
    }

    [Fact]
    public async Task Set_OfAKeyThatL1Holds_OwnNodeSeesItAtOnce()
    {
        Assert.Equal("old", await GetOrCreateAsync(_a, "old"));

        await _a.Distributed.SetAsync(_key, Encoding.UTF8.GetBytes("new"), Cancel);

        Assert.NotEqual("old", await GetOrCreateAsync(_a, "made"));
    }

    [Fact]
    public async Task Remove_OfAKeyThatL1Holds_OwnNodeSeesItAtOnce()
    {
        Assert.Equal("old", await GetOrCreateAsync(_a, "old"));

        await _a.Distributed.RemoveAsync(_key, Cancel);

        Assert.Equal("new", await GetOrCreateAsync(_a, "new"));
    }

    [Fact]
    public async Task Remove_OfAKeyThatAnotherNodesL1Holds_ItIsTold()
    {
        Assert.Equal("old", await GetOrCreateAsync(_b, "old"));

        await _a.Distributed.RemoveAsync(_key, Cancel);

        await Eventually.TrueAsync(async () => !(await _b.Cache.TryGetAsync<string>(_key, Cancel)).Found, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task RemoveByTagAndClear_OfRawValues_LeaveThem()
    {
        await _a.Distributed.SetAsync(_key, [1], Cancel);

        await _a.Cache.RemoveByTagAsync("tag", Cancel);
        await _a.Cache.RemoveByTagAsync("*", Cancel);

        Assert.NotNull(await _b.Distributed.GetAsync(_key, Cancel));
    }

    private async Task<string> GetOrCreateAsync(Node node, string value) =>
        await node.Cache.GetOrCreateAsync(_key, _ => new ValueTask<string>(value), cancellationToken: Cancel);
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class DistributedCacheOnRedisServer(RedisFixture fixture) : DistributedCacheOnRedis(fixture), IClassFixture<RedisFixture>;

/// <summary>On embedded Garnet.</summary>
public sealed class DistributedCacheOnGarnet(GarnetFixture fixture) : DistributedCacheOnRedis(fixture), IClassFixture<GarnetFixture>;
