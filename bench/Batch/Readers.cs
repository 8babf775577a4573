using Larder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Batch;

/// <summary>The ways to read the same 100 keys.</summary>
internal sealed class Readers : IAsyncDisposable
{
    private const int Count = 100;

    private static readonly HybridCacheEntryOptions FromL2 = new() { Flags = HybridCacheEntryFlags.DisableLocalCache };
    private static readonly string[] Keys = [.. Enumerable.Range(0, Count).Select(static i => $"key:{i}")];

    private readonly ServiceProvider _services;
    private readonly LarderCache _cache;
    private readonly ConnectionMultiplexer _connection;

    private Readers(ServiceProvider services, ConnectionMultiplexer connection) =>
        (_services, _cache, _connection) = (services, services.GetRequiredService<LarderCache>(), connection);

    public static async Task<Readers> StartAsync(string server)
    {
        var services = new ServiceCollection().AddLarder().UseRedis(server).Services.BuildServiceProvider();
        var readers = new Readers(services, await ConnectionMultiplexer.ConnectAsync(server));
        await readers._cache.SetManyAsync(Keys.Select(static key => KeyValuePair.Create(key, new string('x', 1000))));
        return readers;
    }

    public async Task OneByOneAsync()
    {
        foreach (var key in Keys)
        {
            await GetAsync(key);
        }
    }

    public Task AtOnceAsync() => Task.WhenAll(Keys.Select(key => GetAsync(key).AsTask()));

    public async Task BatchAsync()
    {
        var got = await _cache.GetOrCreateManyAsync<string>(Keys, static (_, _) => throw new InvalidOperationException("Not to be called."), FromL2);
        if (got.Count != Count)
        {
            throw new InvalidOperationException($"Got {got.Count} of {Count}.");
        }
    }

    public async Task BareOneByOneAsync()
    {
        var database = _connection.GetDatabase();
        foreach (var key in Keys)
        {
            await database.HashGetAllAsync(key);
        }
    }

    public Task BareTogetherAsync()
    {
        var batch = _connection.GetDatabase().CreateBatch();
        var reads = Array.ConvertAll(Keys, key => batch.HashGetAllAsync(key));
        batch.Execute();
        return Task.WhenAll(reads);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _services.DisposeAsync();
    }

    private ValueTask<string> GetAsync(string key) =>
        _cache.GetOrCreateAsync<string>(key, static _ => throw new InvalidOperationException("Not to be called."), FromL2);
}
