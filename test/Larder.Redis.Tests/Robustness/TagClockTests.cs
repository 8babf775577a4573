using CsCheck;
using Larder.Redis.Connections;
using Larder.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Robustness;

/// <summary>
/// Whatever becomes of the fields of the tag clock: what was invalidated stays so, and invalidations go on. One record lost and
/// a foreign one added at once would not be noticed: their number is sealed, not their names.
/// </summary>
public abstract class TagClockTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Key = "p:larder:tags";

    private RedisStore _store = null!;
    private TagReading _written;
    private IReadOnlyDictionary<string, byte[]> _hash = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await fixture.Database.ExecuteAsync("FLUSHALL");
        var context = new StoreContext
        {
            CacheName = "",
            KeyPrefix = "p:",
            NodeId = "a",
            TimeProvider = TimeProvider.System,
            LoggerFactory = NullLoggerFactory.Instance,
        };
        var services = new ServiceCollection().BuildServiceProvider();
        _store = new RedisStore(context, new RedisConnection(new LarderRedisOptions { Configuration = fixture.Server.Configuration }, services, "a"));

        // Until its numbers have digits enough for damage to make smaller ones of them.
        for (var i = 0; i < 200; i++)
        {
            await _store.InvalidateTagsAsync(["other", "zwei 🥫"], Cancel);
        }

        _written = await _store.InvalidateTagsAsync(["dead"], Cancel);
        _hash = (await fixture.Database.HashGetAllAsync(Key)).ToDictionary(static field => (string)field.Name!, static field => (byte[])field.Value!);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public Task AnyDamage_WhatWasInvalidatedStaysSo() =>
        Damage.Of("generation", "clock", "run", "seal", "tag:dead", "tag:other").SampleAsync(
            async damages =>
            {
                await WriteAsync(Damage.Apply(damages, _hash, new Dictionary<string, byte[]>()));
                Assert.True(IsDead(await _store.ReadTagsAsync(["dead"], Cancel)), "by the tag's record");
                var all = (await _store.ReadTagsAsync([], Cancel)).All!;
                Assert.True(IsDead(await _store.ReadTagsAsync(["dead"], Cancel)), "again");
                Assert.True(
                    (await _store.PulseAsync(1, Cancel)).Now.Generation != _written.Now.Generation
                        || all.Any(record => record.Key == "dead" && record.Value >= _written.Now.Number),
                    "by the table of all tags");

                var before = (await _store.PulseAsync(2, Cancel)).Now;
                var after = await _store.InvalidateTagsAsync(["dead"], Cancel);
                Assert.True(after.Now.Generation != before.Generation || after.Now.Number > before.Number, "an invalidation counts");
            },
            iter: 3000,
            threads: 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SomethingElseUnderTheKey_ANewGenerationBegins(bool isList)
    {
        await fixture.Database.KeyDeleteAsync(Key);
        Task writing = isList ? fixture.Database.ListLeftPushAsync(Key, "somebody else's") : fixture.Database.StringSetAsync(Key, "somebody else's");
        await writing;

        var reading = await _store.ReadTagsAsync(["dead"], Cancel);

        Assert.NotEqual(_written.Now.Generation, reading.Now.Generation);
        Assert.Equal(1, (await _store.InvalidateTagsAsync(["dead"], Cancel)).Now.Number);
    }

    // An entry with the stamp of just before the invalidation.
    private bool IsDead(in TagReading reading) =>
        reading.Now.Generation != _written.Now.Generation || reading.Numbers[0] >= _written.Now.Number;

    private async Task WriteAsync(Dictionary<string, byte[]> hash)
    {
        await fixture.Database.KeyDeleteAsync(Key);
        if (hash.Count > 0)
        {
            await fixture.Database.HashSetAsync(Key, [.. hash.Select(static field => new HashEntry(field.Key, field.Value))]);
        }
    }
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class TagClockOnRedis(RedisFixture fixture) : TagClockTests(fixture), IClassFixture<RedisFixture>;

/// <summary>On embedded Garnet.</summary>
public sealed class TagClockOnGarnet(GarnetFixture fixture) : TagClockTests(fixture), IClassFixture<GarnetFixture>;
