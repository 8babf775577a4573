using System.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests;

/// <summary>A server that loses its scripts, its data, or itself, and comes back.</summary>
public sealed class ServerLossTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServerKind.Redis)]
    [InlineData(ServerKind.Garnet)]
    public async Task ScriptFlush_WhileInUse_EverythingWorksOn(ServerKind kind)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var node = await Node.StartAsync(server.Configuration);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        await UseEverythingAsync(node, "before");

        await connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");

        await UseEverythingAsync(node, "after");
    }

    [Theory]
    [InlineData(ServerKind.Redis)]
    [InlineData(ServerKind.Garnet)]
    public async Task Restart_OfAServerWithoutPersistence_TheCacheResumesByItself(ServerKind kind)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var a = await Node.StartAsync(server.Configuration);
        await using var b = await Node.StartAsync(server.Configuration);
        await UseEverythingAsync(a, "before");

        await server.RestartAsync();

        await Eventually.TrueAsync(() => IsSharedAsync(a, b), TimeSpan.FromSeconds(20));
        await UseEverythingAsync(a, "after");
    }

    [Theory]
    [InlineData(ServerKind.Redis)]
    [InlineData(ServerKind.Garnet)]
    public async Task Down_LaterAndThenUpAgain_PagesWorkFromTheOriginMeanwhile(ServerKind kind)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var a = await Node.StartAsync(server.Configuration);
        await using var b = await Node.StartAsync(server.Configuration);
        await server.KillAsync();

        var start = Stopwatch.GetTimestamp();
        Assert.Equal("made", await a.Cache.GetOrCreateAsync("key", _ => new ValueTask<string>("made"), cancellationToken: Cancel));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await Assert.ThrowsAnyAsync<Exception>(() => a.Distributed.GetAsync("key", Cancel));

        await server.RestartAsync();
        await Eventually.TrueAsync(() => IsSharedAsync(a, b), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Down_AtTheStart_TheAppStartsAndCachesOnceItIsUp()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await server.StopAsync();

        var start = Stopwatch.GetTimestamp();
        await using var a = await Node.StartAsync(server.Configuration);
        await using var b = await Node.StartAsync(server.Configuration);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal("made", await a.Cache.GetOrCreateAsync("key", _ => new ValueTask<string>("made"), cancellationToken: Cancel));

        await server.RestartAsync();

        await Eventually.TrueAsync(() => IsSharedAsync(a, b), TimeSpan.FromSeconds(20));
    }

    /// <summary>Whether what one node caches reaches the other.</summary>
    private static async Task<bool> IsSharedAsync(Node a, Node b)
    {
        var key = $"key {Guid.NewGuid():N}";
        await a.Cache.GetOrCreateAsync(key, _ => new ValueTask<string>("shared"), cancellationToken: Cancel);
        return (await b.Cache.TryGetAsync<string>(key, Cancel)).Found;
    }

    /// <summary>Uses each of the operations that run a script.</summary>
    private static async Task UseEverythingAsync(Node node, string key)
    {
        var cache = node.Cache;
        var sliding = new LarderEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(1) };
        Assert.Equal("made", await cache.GetOrCreateAsync(key + "1", _ => new ValueTask<string>("made"), sliding, ["tag"], Cancel));
        await cache.SetAsync(key + "2", "set", sliding, cancellationToken: Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await cache.GetOrCreateAsync<string>(
            key + "3", _ => throw new InvalidOperationException("The lease is given back."), cancellationToken: Cancel));
        await cache.RemoveAsync(key + "2", Cancel);
        await cache.RemoveByTagAsync("tag", Cancel);
        Assert.False((await cache.TryGetAsync<string>(key + "1", Cancel)).Found);
        Assert.False((await cache.TryGetAsync<string>(key + "2", Cancel)).Found);
        await node.Distributed.SetAsync(key + "4", [4], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(1) }, Cancel);
        Assert.NotNull(await node.Distributed.GetAsync(key + "4", Cancel));
    }
}
