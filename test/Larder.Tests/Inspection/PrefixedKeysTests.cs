using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Inspection;

/// <summary>Keys by their prefix, where no L2 lists them; where one does: PrefixTests, on real servers.</summary>
public sealed class PrefixedKeysTests
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
    public async Task Prefix_StoreThatCannotList_SaysWhatToDo()
    {
        await using var services = new ServiceCollection().AddDistributedMemoryCache().AddLarder().UseDistributedCache().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();

        var listing = Assert.Throws<NotSupportedException>(() => cache.ListKeysAsync("user:", Cancel));
        var removal = await Assert.ThrowsAsync<NotSupportedException>(async () => await cache.RemoveByPrefixAsync("user:", Cancel));

        Assert.Equal(listing.Message, removal.Message);
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
