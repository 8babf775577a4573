using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Callers that skip L1 or L2, for reads or writes, across two nodes.</summary>
public abstract class LevelTests(ServerKind kind) : PolicyTests(kind)
{
    [Fact]
    public async Task Get_SkipsReadsOfL1_TakesWhatL2Has()
    {
        await StoreOldAsync(new LarderEntryOptions());
        var reads = A.Store.RoundTrips;

        Assert.Equal("old", await GetAsync(A, Without(HybridCacheEntryFlags.DisableLocalCacheRead)));

        Assert.True(A.Store.RoundTrips > reads, "L2 was asked.");
        Assert.Equal(0, Origin.Calls);
    }

    [Fact]
    public async Task Get_SkipsWritesOfL1_ValueIsInL2Alone()
    {
        await GetAsync(A, Without(HybridCacheEntryFlags.DisableLocalCacheWrite));

        Assert.False(A.Cache.Node.Local.Local.TryGet("k", out _));
        Assert.Equal("new", await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Get_SkipsReadsOfL2_NewValueIsStoredOverTheOldOne()
    {
        await StoreOldAsync(new LarderEntryOptions());

        Assert.Equal("new", await GetAsync(A, Without(HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead)));

        await CatchUpAsync();
        Assert.Equal("new", await B.PeekAsync("k"));
        Assert.Equal("new", await A.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Get_SkipsReadsOfL2AndTheFactoryFails_TheEntryInL2IsAsFreshAsItWas()
    {
        var kept = new LarderEntryOptions { FailSafe = new FailSafeOptions { MaximumDuration = Hour } };
        await StoreOldAsync(kept);
        Origin.IsDown = true;

        var value = await GetAsync(A, new LarderEntryOptions
        {
            FailSafe = kept.FailSafe, Flags = HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead,
        });

        Assert.Equal("old", value);
        Assert.Equal("old", await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Get_SkipsWritesOfL2_ValueIsInL1Alone()
    {
        await GetAsync(A, Without(HybridCacheEntryFlags.DisableDistributedCacheWrite));

        Assert.Equal("new", await A.PeekAsync("k"));
        Assert.Null(await B.PeekAsync("k"));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_SkipsL2AndIsInvalidatedWhileTheFactoryRuns_OldValueIsNotKept(Invalidation invalidation, bool byOther)
    {
        Origin.Value = "old";
        var gate = Origin.Hold();
        var call = EndsAsync(A.Cache.GetOrCreateAsync(
            "k",
            Origin,
            static (origin, token) => origin.CallAsync(token),
            Without(HybridCacheEntryFlags.DisableDistributedCache),
            [InvalidationKinds.Tag],
            Cancel));
        await gate.Reached;

        await InvalidateAsync(invalidation, byOther);
        gate.Open();

        Assert.Equal("old", await call);
        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_SkipsReadsAndIsInvalidatedWhileTheFactoryRuns_OldValueIsNotStored(Invalidation invalidation, bool byOther)
    {
        Origin.Value = "old";
        var gate = Origin.Hold();
        var call = EndsAsync(A.Cache.GetOrCreateAsync(
            "k",
            Origin,
            static (origin, token) => origin.CallAsync(token),
            Without(HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead),
            [InvalidationKinds.Tag],
            Cancel));
        await gate.Reached;

        await InvalidateAsync(invalidation, byOther);
        gate.Open();

        Assert.Equal("old", await call);
        await AssertGoneAsync(invalidation);
    }

    private static HybridCacheEntryOptions Without(HybridCacheEntryFlags levels) => new() { Flags = levels };
}

/// <summary>On redis-server.</summary>
public sealed class LevelTestsOnRedis() : LevelTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class LevelTestsOnGarnet() : LevelTests(ServerKind.Garnet);
