using Larder.Redis.Tests.Nodes;
using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>What L1 has no room for, on the disks of two nodes: it saves commands to L2, and is invalidated as L1 is.</summary>
public abstract class OverflowTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly LarderEntryOptions Options = new() { Expiration = Hour };

    private readonly string _directory = Directory.CreateTempSubdirectory("larder-overflow-tests-").FullName;

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override void Configure(LarderOptions options)
    {
        base.Configure(options);
        options.Local.Overflow.Directory = _directory;
    }

    [Fact]
    public async Task Get_Evicted_ComesFromTheDiskWithoutACommandToL2()
    {
        await StoreOldAsync(Options);
        await EvictAsync(A);
        await EvictAsync(B);
        var (onA, onB) = (A.Store.RoundTrips, B.Store.RoundTrips);

        Assert.Equal("old", await GetAsync(A, Options));
        Assert.Equal("old", await GetAsync(B, Options));
        await EvictAsync(A);
        Assert.Equal((CacheLevel.L1, "old"), await TryGetAsync(A));
        await EvictAsync(A);
        Assert.Equal(["k"], (await A.Cache.GetManyAsync<string>(["k"], Cancel)).Keys);

        Assert.Equal((onA, onB, 0), (A.Store.RoundTrips, B.Store.RoundTrips, Origin.Calls));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Invalidate_OnTheDisk_IsGoneOnBothNodes(Invalidation invalidation, bool byOther)
    {
        await StoreOldAsync(Options);
        await EvictAsync(A);
        await EvictAsync(B);

        await InvalidateAsync(invalidation, byOther);

        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Invalidate_OnTheWayBack_NobodyWhoComesLaterHasIt(Invalidation invalidation, bool byOther)
    {
        await StoreOldAsync(Options);
        await EvictAsync(A);
        var level = A.Cache.Node.Overflow!;
        var mark = A.Cache.Node.Local.Capture("k");
        var record = level.Find("k", typeof(string))!;

        await InvalidateAsync(invalidation, byOther);

        // It was found before, and has been read by now.
        var entry = new Larder.Local.SharedEntry<string>("k", "old", record.ValueBytes, record.Terms);
        Assert.False(A.Cache.Node.Local.PutBack(entry, record, mark));
        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Invalidate_ReadBackBefore_IsGoneFromTheDiskToo(Invalidation invalidation, bool byOther)
    {
        await StoreOldAsync(Options);
        await EvictAsync(A);
        Assert.Equal("old", await GetAsync(A, Options));

        await InvalidateAsync(invalidation, byOther);
        await EvictAsync(A);

        await AssertGoneAsync(invalidation);
    }

    [Fact]
    public async Task Commit_OnAnotherNode_TheOldValueIsGoneFromTheDisk()
    {
        await StoreOldAsync(Options);
        await EvictAsync(A);
        Origin.Value = "new";
        await B.Cache.GetOrCreateAsync(
            "k",
            Origin,
            static (origin, token) => origin.CallAsync(token),
            new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead },
            cancellationToken: Cancel);
        await CatchUpAsync();

        Assert.Equal("new", await GetAsync(A, Options));
    }

    [Fact]
    public async Task Get_MessagesMayHaveBeenMissed_IsReadFromL2()
    {
        await StoreOldAsync(Options);
        await EvictAsync(A);
        await B.Cache.SetAsync("k", "new", Options, cancellationToken: Cancel);

        // As if its message had been lost.
        A.Cache.Node.Tags.Forget();
        A.Cache.Node.Trust.BeginEpoch();

        Assert.Equal("new", await GetAsync(A, Options));
        Assert.Equal(0, Origin.Calls);
    }

    [Fact]
    public async Task Get_NoEchoForMaxStaleness_IsNotServedFromTheDisk()
    {
        await StoreOldAsync(Options);
        await EvictAsync(A);
        var node = A.Cache.Node;
        Assert.NotNull(node.Overflow!.Find("k", typeof(string)));

        node.Trust.Withdraw(node.Clock.Now);

        Assert.Null(node.Overflow.Find("k", typeof(string)));
    }

    private static async Task EvictAsync(TestNode node)
    {
        node.Cache.Node.Local.Local.Trim(0, int.MaxValue);
        await Eventually.TrueAsync(() => node.Cache.Node.Overflow!.Waiting == 0);
    }

    private static async Task<(CacheLevel Level, string? Value)> TryGetAsync(TestNode node)
    {
        var found = await node.Cache.TryGetAsync<string>("k", Cancel);
        return (found.Level, found.Value);
    }
}

/// <summary>On redis-server.</summary>
public sealed class OverflowTestsOnRedis() : OverflowTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class OverflowTestsOnGarnet() : OverflowTests(ServerKind.Garnet);
