using Larder.Redis.Tests.Nodes;
using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Memory;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Entries that are never to be removed for room, across two nodes: they are invalidated as any other.</summary>
public abstract class LocalPriorityTests(ServerKind kind) : PolicyTests(kind)
{
    private const int MaximumEntries = 100;

    private static readonly LarderEntryOptions Kept = new() { Expiration = Hour, LocalPriority = CacheItemPriority.NeverRemove };

    protected override void Configure(LarderOptions options)
    {
        base.Configure(options);
        options.Local.MaximumEntries = MaximumEntries;
    }

    [Fact]
    public async Task Flood_OnBothNodes_TheEntryStaysInL1AndTheBoundHolds()
    {
        await StoreOldAsync(Kept);

        await FloodAsync(A, 0);
        await FloodAsync(B, 1);

        foreach (var node in (TestNode[])[A, B])
        {
            Assert.Equal(CacheLevel.L1, (await node.Cache.TryGetAsync<string>("k", Cancel)).Level);
            Assert.Equal(MaximumEntries, node.Cache.Node.Local.Local.Count);
        }
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Invalidate_InTheMiddleOfAFlood_TheEntryIsGoneOnBothNodes(Invalidation invalidation, bool byOther)
    {
        await StoreOldAsync(Kept);
        await FloodAsync(A, 0);
        Assert.Equal("old", await GetAsync(A, Kept));

        await InvalidateAsync(invalidation, byOther);
        await FloodAsync(A, 1);

        await AssertGoneAsync(invalidation);
        Assert.Equal(MaximumEntries, A.Cache.Node.Local.Local.Count);
    }

    [Fact]
    public async Task GetOrCreate_EntryOfTheOtherNode_HasThePriorityOfWhoReadsIt()
    {
        await A.Cache.SetAsync("k", "old", Kept, cancellationToken: Cancel);
        await CatchUpAsync();

        await GetAsync(B, new LarderEntryOptions { LocalPriority = CacheItemPriority.Low });

        Assert.True(A.Cache.Node.Local.Local.TryPeek("k", out var onA));
        Assert.True(B.Cache.Node.Local.Local.TryPeek("k", out var onB));
        Assert.Equal((CacheItemPriority.NeverRemove, CacheItemPriority.Low), (onA.Priority, onB.Priority));
    }

    private static async Task FloodAsync(TestNode node, int round) => await node.Cache.SetManyAsync(
        Enumerable.Range(0, 5 * MaximumEntries).Select(i => KeyValuePair.Create($"{round}:{i}", "flood")), cancellationToken: Cancel);
}

/// <summary>On redis-server.</summary>
public sealed class LocalPriorityTestsOnRedis() : LocalPriorityTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class LocalPriorityTestsOnGarnet() : LocalPriorityTests(ServerKind.Garnet);
