using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Fail-safe across two nodes.</summary>
public abstract class FailSafeTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = Hour,
        FailSafe = new FailSafeOptions { MaximumDuration = Hour, Throttle = 10 * Second },
    };

    [Fact]
    public async Task Get_FactoryFails_ExpiredValueAndTheOtherNodeLeavesTheOriginAlone()
    {
        await StoreExpiredAsync(Options);
        Origin.IsDown = true;

        Assert.Equal("old", await GetAsync(A, Options));
        Assert.Equal("old", await GetAsync(B, Options));
        Assert.Equal("old", await GetAsync(A, Options));

        Assert.Equal(1, Origin.Calls);
        Assert.Null(await B.PeekAsync("k"));
    }

    [Fact]
    public async Task Get_ManyCallersOnBothNodes_OneCall()
    {
        await StoreExpiredAsync(Options);
        Origin.IsDown = true;
        var gate = Origin.Hold();
        var calls = Enumerable.Range(0, 100).Select(i => GetAsync(i % 2 == 0 ? A : B, Options)).ToArray();
        await gate.Reached;
        gate.Open();

        Assert.All(await Task.WhenAll(calls), value => Assert.Equal("old", value));
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_NodeThatHasJustStarted_TakesTheExpiredValueFromL2()
    {
        await StoreExpiredAsync(Options);
        Origin.IsDown = true;
        var late = await StartAsync();

        Assert.Equal("old", await GetAsync(late, Options));
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_CallerOnTheOtherNodeHasNoFailSafe_AsksTheOriginWithinTheThrottle()
    {
        await StoreExpiredAsync(Options);
        Origin.IsDown = true;
        await GetAsync(A, Options);

        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(B, null));
        Origin.IsDown = false;
        Assert.Equal("new", await GetAsync(B, null));
        await CatchUpAsync();
        Assert.Equal("new", await A.PeekAsync("k"));
    }

    [Fact]
    public async Task Get_Default_IsNotWrittenToL2()
    {
        Origin.IsDown = true;
        var options = new LarderEntryOptions { FailSafe = Options.FailSafe!.WithDefault<string?>("default") };

        Assert.Equal("default", await GetAsync(A, options));
        Assert.Equal("default", await GetAsync(A, options));
        Assert.Equal(1, Origin.Calls);
        Assert.Null(await A.PeekStoreAsync("k"));

        Origin.IsDown = false;
        Assert.Equal("new", await GetAsync(B, options));
        await CatchUpAsync();
        Assert.Equal("new", await GetAsync(A, options));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedWhileTheFactoryRuns_OnlyAnExpiredOneComesBack(Invalidation invalidation, bool byOther)
    {
        await StoreExpiredAsync(Options);
        Origin.IsDown = true;
        var gate = Origin.Hold();
        var call = GetAsync(A, Options);
        await gate.Reached;

        await InvalidateAsync(invalidation, byOther);
        gate.Open();

        if (invalidation.IsExpiry())
        {
            Assert.Equal("old", await call);
        }
        else
        {
            await Assert.ThrowsAsync<OriginDownException>(() => call);
        }

        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_ExpiredOnceMoreWhileTheFactoryRuns_WhatWasReadFromL2ComesBack(bool byOther)
    {
        var options = new LarderEntryOptions { Expiration = Hour, FailSafe = Options.FailSafe, Flags = HybridCacheEntryFlags.DisableLocalCache };
        await StoreExpiredAsync(options);
        Origin.IsDown = true;
        var gate = Origin.Hold();
        var call = GetAsync(A, options);
        await gate.Reached;

        await InvalidateAsync(Invalidation.Expire, byOther);
        await CatchUpAsync();
        gate.Open();

        Assert.Equal("old", await call);
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedWithinTheThrottle_OnlyAnExpiredOneComesBack(Invalidation invalidation, bool byOther)
    {
        await StoreExpiredAsync(Options);
        Origin.IsDown = true;
        await GetAsync(A, Options);
        await GetAsync(B, Options);

        await InvalidateAsync(invalidation, byOther);

        foreach (var node in (Nodes.TestNode[])[A, B])
        {
            if (invalidation.IsExpiry() || invalidation == Invalidation.Set)
            {
                Assert.Equal(invalidation.Leaves() ?? "old", await GetAsync(node, Options));
            }
            else
            {
                await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(node, Options));
            }
        }
    }

    [Fact]
    public async Task Get_TagIsRemovedWhileAFailureIsReported_LaterCallerDoesNotJoin()
    {
        await StoreExpiredAsync(Options);
        Origin.IsDown = true;
        var gate = new Gate();
        A.Store.BeforeRelease = gate;
        var call = GetAsync(A, Options);
        await gate.Reached;

        await A.Cache.RemoveByTagAsync(InvalidationKinds.Tag, Cancel);
        Origin.IsDown = false;
        var late = GetAsync(A, Options);
        gate.Open();

        Assert.Equal("old", await call);
        Assert.Equal("new", await late);
    }
}

/// <summary>On redis-server.</summary>
public sealed class FailSafeTestsOnRedis() : FailSafeTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class FailSafeTestsOnGarnet() : FailSafeTests(ServerKind.Garnet);
