using Larder.Local;
using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>Which priority an entry has in L1, and that it decides about nothing else.</summary>
public sealed class LocalPriorityTests() : MemoryPolicyTests(static options =>
{
    options.DefaultEntryOptions = new() { LocalPriority = CacheItemPriority.Low };
    options.EntryOptionsFor = static key => key == "by key" ? High : null;
})
{
    private static readonly LarderEntryOptions High = new() { LocalPriority = CacheItemPriority.High };
    private static readonly LarderEntryOptions Kept = new() { Expiration = TimeSpan.FromSeconds(10), LocalPriority = CacheItemPriority.NeverRemove };

    [Fact]
    public async Task Entry_OfCacheKeyCallAndFactory_TheMostSpecificCounts()
    {
        await Cache.SetAsync("by cache", 1, cancellationToken: Cancel);
        await Cache.SetAsync("by key", 1, cancellationToken: Cancel);
        await Cache.GetOrCreateAsync("by call", static _ => ValueTask.FromResult(1), Kept, cancellationToken: Cancel);
        await Cache.GetOrCreateAsync("plain", static _ => ValueTask.FromResult(1), new HybridCacheEntryOptions(), cancellationToken: Cancel);
        await Cache.GetOrCreateAsync<int>(
            "by factory",
            static (context, _) =>
            {
                Assert.Equal(CacheItemPriority.NeverRemove, context.Options.LocalPriority);
                context.Options.LocalPriority = CacheItemPriority.Normal;
                return ValueTask.FromResult(1);
            },
            Kept,
            cancellationToken: Cancel);
        await Cache.GetOrCreateManyAsync(
            ["many 1", "many 2"], static (keys, _) => ValueTask.FromResult(keys.ToDictionary(static key => key)), Kept, cancellationToken: Cancel);

        Assert.Equal(
            [CacheItemPriority.Low, CacheItemPriority.High, CacheItemPriority.NeverRemove, CacheItemPriority.Low, CacheItemPriority.Normal, CacheItemPriority.NeverRemove],
            ((string[])["by cache", "by key", "by call", "plain", "by factory", "many 2"]).Select(key => EntryOf(key).Priority));
    }

    [Fact]
    public async Task Expiration_EntryNeverRemoved_IsThatOfAnyOther()
    {
        await GetAsync(Kept);

        Time.Advance(10 * Second);

        Assert.Null(await PeekAsync());
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Invalidate_EntryNeverRemoved_IsGone(Invalidation invalidation)
    {
        Origin.Value = "old";
        await GetAsync(Kept, [InvalidationKinds.Tag]);

        await Cache.InvalidateAsync(invalidation, "k");

        Assert.Equal(invalidation.Leaves(), await PeekAsync());
    }

    [Fact]
    public async Task GetOrCreate_NoSuchPriority_SaysWhatItWasAndMayBe()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => GetAsync(new LarderEntryOptions { LocalPriority = (CacheItemPriority)7 }));

        Assert.Contains("LocalPriority was 7; it may be Low, Normal, High or NeverRemove, or not set.", failure.Message, StringComparison.Ordinal);
    }

    private LocalEntry EntryOf(string key)
    {
        Assert.True(Cache.Node.Local.Local.TryPeek(key, out var entry));
        return entry;
    }
}
