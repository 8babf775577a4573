using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Inspection;

/// <summary>Keys by prefix or pattern, where no L2 lists them; where one does: PrefixTests and PatternTests, on real servers.</summary>
public sealed class MatchingKeysTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prefix_WithoutL2_IsOfThisNodesL1()
    {
        await using var services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();
        await cache.SetManyAsync(Enumerable.Range(0, 3000).Select(static i => KeyValuePair.Create($"user:{i}", i)), cancellationToken: Cancel);
        await cache.SetAsync("order*1", 1, tags: ["t"], cancellationToken: Cancel);
        await cache.SetAsync("order1", 1, tags: ["t"], cancellationToken: Cancel);

        Assert.Equal(["order*1"], await ListAsync(cache, "order*"));
        Assert.Equal(3000, await cache.RemoveByPrefixAsync("user:", Cancel));
        Assert.Equal(["order*1", "order1"], (await ListAsync(cache, "")).Order(StringComparer.Ordinal));

        await cache.RemoveByTagAsync("t", Cancel);
        Assert.Empty(await ListAsync(cache, ""));
    }

    [Fact]
    public async Task Pattern_WithoutL2_IsOfThisNodesL1()
    {
        await using var services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();
        await cache.SetManyAsync(
            Enumerable.Range(0, 3000).Select(static i => KeyValuePair.Create($"user:{i}:{(i % 2 == 0 ? "name" : "mail")}", i)), cancellationToken: Cancel);

        Assert.Equal(1500, await cache.ListKeysByPatternAsync("user:*:name", Cancel).CountAsync(Cancel));
        Assert.Equal(1500, await cache.RemoveByPatternAsync("user:*:name", Cancel));
        Assert.Equal(["user:7:mail"], await cache.ListKeysByPatternAsync("user:?:mail", Cancel).Where(static key => key.Contains('7')).ToArrayAsync(Cancel));
        Assert.Equal(1, await cache.RemoveByPatternAsync("user:7:mail", Cancel));
        Assert.Equal(1499, await cache.ListKeysAsync(cancellationToken: Cancel).CountAsync(Cancel));
    }

    [Theory]
    [InlineData("", "was empty")]
    [InlineData("HALF*", "half a surrogate pair at position 0")]
    [InlineData("12345678901234567", "has 17 characters; it may have 16 (the setting MaximumKeyLength)")]
    [InlineData("*", "ClearAsync", false)]
    [InlineData("**", "ClearAsync", false)]
    public async Task Pattern_Bad_IsRefusedWithTheReason(string pattern, string reason, bool alsoToList = true)
    {
        await using var services = new ServiceCollection().AddLarder(static options => options.MaximumKeyLength = 16).Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();

        // An attribute can't hold half a pair.
        pattern = pattern.Replace("HALF", "\ud800", StringComparison.Ordinal);

        var removal = await Assert.ThrowsAsync<ArgumentException>(async () => await cache.RemoveByPatternAsync(pattern, Cancel));
        var listing = Record.Exception(() => cache.ListKeysByPatternAsync(pattern, Cancel));

        Assert.Equal("pattern", removal.ParamName);
        Assert.Contains(reason, removal.Message, StringComparison.Ordinal);
        Assert.Equal(alsoToList ? removal.Message : null, listing?.Message);
    }

    [Fact]
    public async Task Prefix_StoreThatCannotList_SaysWhatToDo()
    {
        await using var services = new ServiceCollection().AddDistributedMemoryCache().AddLarder().UseDistributedCache().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();

        var listing = Assert.Throws<NotSupportedException>(() => cache.ListKeysAsync("user:", Cancel));
        var removal = await Assert.ThrowsAsync<NotSupportedException>(async () => await cache.RemoveByPrefixAsync("user:", Cancel));

        Assert.Equal(listing.Message, removal.Message);
        Assert.Equal(listing.Message, Assert.Throws<NotSupportedException>(() => cache.ListKeysByPatternAsync("user", Cancel)).Message);
        Assert.Contains(cache.Node.Line!.Store.Description, listing.Message, StringComparison.Ordinal);
        Assert.Contains("tag", listing.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ListAsync(LarderCache cache, string prefix)
    {
        var keys = new List<string>();
        await foreach (var key in cache.ListKeysAsync(prefix, Cancel))
        {
            keys.Add(key);
        }

        return keys;
    }
}
