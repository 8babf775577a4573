using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Null and negative caching across two nodes.</summary>
public abstract class NullTests(ServerKind kind) : PolicyTests(kind)
{
    [Fact]
    public async Task Get_Null_OtherNodeTakesItFromL2()
    {
        Origin.Value = null;

        Assert.Null(await GetAsync(A, null));
        Assert.Null(await GetAsync(B, null));

        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_NullIsNotCached_EachNodeAsksAndNobodyWaitsForALease()
    {
        var options = new LarderEntryOptions { CacheNull = false };
        Origin.Value = null;

        Assert.Null(await GetAsync(A, options));
        Assert.Null(await GetAsync(B, options));

        Assert.Equal(2, Origin.Calls);
        Assert.Null(await A.Store.ReadAsync("k", Cancel));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_NullAndInvalidatedWhileTheFactoryRuns_IsNotStored(Invalidation invalidation, bool byOther)
    {
        Origin.Value = null;
        var gate = Origin.Hold();
        var call = EndsAsync(A.Cache.GetOrCreateAsync(
            "k", Origin, static (origin, token) => origin.CallAsync(token), tags: [InvalidationKinds.Tag], cancellationToken: Cancel));
        await gate.Reached;

        await InvalidateAsync(invalidation, byOther);
        gate.Open();

        Assert.Null(await call);
        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Set_AfterANullOnBothNodes_BothGetTheValue(bool byOther)
    {
        Origin.Value = null;
        await GetAsync(A, null);
        await GetAsync(B, null);

        await InvalidateAsync(Invalidation.Set, byOther);

        await AssertGoneAsync(Invalidation.Set);
    }
}

/// <summary>On redis-server.</summary>
public sealed class NullTestsOnRedis() : NullTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class NullTestsOnGarnet() : NullTests(ServerKind.Garnet);
