using Larder.Distributed;
using Larder.Stores;
using Larder.Testing.Conformance;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Distributed;

/// <summary>What is this store's own; the rest is in <see cref="DistributedCacheStoreConformance"/>.</summary>
public sealed class DistributedCacheStoreTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryProvider _memory;

    public DistributedCacheStoreTests() => _memory = new MemoryProvider(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OfWhatSomethingElseWrote_Null()
    {
        await using var store = Store(_time);
        await _memory.Cache.SetAsync("p:key", "not Larder's"u8.ToArray(), Cancel);

        Assert.Null(await store.ReadAsync("key", Cancel));
        Assert.Equal(LeaseState.Granted, (await store.AcquireLeaseAsync("key", new(new("a-1"), TimeSpan.FromSeconds(1)), Cancel)).State);
    }

    [Fact]
    public async Task Read_FromAProviderThatFoldsCase_NeverAnotherKeysValue()
    {
        var folding = new FoldingProvider(() => _memory.Cache);
        await using var store = new DistributedCacheStore(folding, Context(_time));
        await store.SetAsync("Key", new StoreWrite { Payload = "of Key"u8.ToArray() }, Cancel);

        Assert.Null(await store.ReadAsync("key", Cancel));
        Assert.NotNull(await store.ReadAsync("Key", Cancel));
    }

    [Fact]
    public async Task InvalidateTags_InAProviderThatFoldsCase_NeverForgottenBecauseOfAnotherTag()
    {
        var folding = new FoldingProvider(() => _memory.Cache);
        await using var store = new DistributedCacheStore(folding, Context(_time));
        var first = await store.InvalidateTagsAsync(["Tag"], Cancel);

        await store.InvalidateTagsAsync(["tag"], Cancel);

        Assert.True((await store.ReadTagsAsync(["Tag"], Cancel)).Numbers[0] >= first.Now.Number);
    }

    [Fact]
    public async Task Read_ByANodeWhoseClockIsBehind_EndsWithTheProvidersEntry()
    {
        await using var writer = Store(_time);
        await using var reader = Store(new FakeTimeProvider(_time.GetUtcNow() - TimeSpan.FromHours(3)));
        await writer.SetAsync("key", new StoreWrite { Payload = new byte[1], Expiration = TimeSpan.FromMinutes(10) }, Cancel);

        Assert.NotNull(await reader.ReadAsync("key", Cancel));
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Null(await reader.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Start_WithAProviderThatFails_Throws()
    {
        await using var store = new DistributedCacheStore(new ProviderFake(() => throw new InvalidOperationException("down")), Context(_time));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.StartAsync(new FeedRecorder(), Cancel));
    }

    [Fact]
    public void Description_OfTheStore_NamesTheProvider() => Assert.Equal("distributed cache ProviderFake", Store(_time).Description);

    private DistributedCacheStore Store(TimeProvider time) => new(new ProviderFake(() => _memory.Cache), Context(time));

    private static StoreContext Context(TimeProvider time) => new()
    {
        CacheName = "", KeyPrefix = "p:", NodeId = "a", TimeProvider = time, LoggerFactory = NullLoggerFactory.Instance,
    };

    /// <summary>Takes keys for the same that differ in case only, as some databases' collations do.</summary>
    private sealed class FoldingProvider(Func<IDistributedCache> inner) : ProviderFake(inner)
    {
        public override Task<byte[]?> GetAsync(string key, CancellationToken token = default) => base.GetAsync(key.ToUpperInvariant(), token);

        public override Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
            base.SetAsync(key.ToUpperInvariant(), value, options, token);
    }
}
