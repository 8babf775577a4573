using Larder.Redis.Tests.Nodes;
using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>What carries a tag is expired, across two nodes.</summary>
public abstract class ExpireByTagTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly LarderEntryOptions Kept = new()
    {
        Expiration = Hour,
        FailSafe = new FailSafeOptions { MaximumDuration = Hour, Throttle = 10 * Second },
    };

    private static readonly LarderEntryOptions Expired = new() { ReadExpired = true };

    private TestNode[] Both => [A, B];

    [Theory]
    [InlineData(InvalidationKinds.Tag)]
    [InlineData("*")]
    public async Task ExpireByTag_EntryWithFailSafe_NoNodeServesItAndOneReaderMakesItAnew(string tag)
    {
        await StoreOldAsync(Kept);

        await A.Cache.ExpireByTagAsync(tag, Cancel);
        await CatchUpAsync();

        foreach (var node in Both)
        {
            Assert.Null(await node.PeekAsync("k"));
            Assert.Null(await node.PeekStoreAsync("k"));
        }

        Assert.Equal("new", await GetAsync(B, Kept));
        await CatchUpAsync();
        Assert.Equal("new", await GetAsync(A, Kept));
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task ExpireByTag_OriginFails_FailSafeHasTheValueAndEachNodeLeavesTheOriginAlone()
    {
        await StoreOldAsync(Kept);
        Origin.IsDown = true;

        await A.Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);
        await CatchUpAsync();

        foreach (var node in Both)
        {
            Assert.Equal("old", await GetAsync(node, Kept));
            Assert.Equal("old", await GetAsync(node, Kept));
        }

        Assert.InRange(Origin.Calls, 1, 2);
    }

    [Fact]
    public async Task ExpireByTag_WithinTheThrottle_TheOriginIsAskedOnceMore()
    {
        await StoreExpiredAsync(Kept);
        Origin.IsDown = true;
        await GetAsync(A, Kept);
        await GetAsync(B, Kept);
        Assert.Equal(1, Origin.Calls);

        await A.Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);
        await CatchUpAsync();
        Assert.Equal("old", await GetAsync(A, Kept));
        Assert.Equal(2, Origin.Calls);
        Origin.IsDown = false;

        Assert.Equal("new", await GetAsync(B, Kept));
    }

    [Fact]
    public async Task ExpireByTag_EntryWithoutFailSafe_IsRemoved()
    {
        await StoreOldAsync(new LarderEntryOptions { Expiration = Hour });
        Origin.IsDown = true;

        await B.Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);
        await CatchUpAsync();

        foreach (var node in Both)
        {
            Assert.False((await node.Cache.TryGetAsync<string>("k", Expired, Cancel)).Found);
            await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(node, Kept));
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task RemoveByTag_BeforeOrAfterAnExpiry_FailSafeHasNothing(bool isFirst, bool byClear)
    {
        await StoreOldAsync(Kept);
        Origin.IsDown = true;
        var removal = byClear ? Invalidation.Clear : Invalidation.RemoveByTag;

        foreach (var invalidation in isFirst ? (Invalidation[])[removal, Invalidation.ExpireByTag] : [Invalidation.ExpireByTag, removal])
        {
            await InvalidateAsync(invalidation, byOther: true);
        }

        var late = await StartAsync();
        foreach (var node in (TestNode[])[A, B, late])
        {
            Assert.False((await node.Cache.TryGetAsync<string>("k", Expired, Cancel)).Found);
            await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(node, Kept));
        }
    }

    [Fact]
    public async Task ExpireByTag_OfAnotherTag_TakesNothing()
    {
        await StoreOldAsync(Kept);

        await A.Cache.ExpireByTagAsync("another", Cancel);
        await CatchUpAsync();

        Assert.Equal("old", await A.PeekAsync("k"));
        Assert.Equal("old", await B.PeekAsync("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ExpireByTag_WhileTheFactoryRuns_WhatItMadeIsServedByFailSafeOnly(bool byOther)
    {
        Origin.Value = "old";
        var gate = Origin.Hold();
        var slow = A.Cache.GetOrCreateAsync("k", Origin, static (origin, token) => origin.CallAsync(token), Kept, [InvalidationKinds.Tag], Cancel).AsTask();
        await gate.Reached;

        await (byOther ? B : A).Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);
        gate.Open();
        Assert.Equal("old", await slow);
        await CatchUpAsync();

        foreach (var node in Both)
        {
            Assert.Null(await node.PeekAsync("k"));
            Assert.Null(await node.PeekStoreAsync("k"));
        }

        Origin.IsDown = true;
        Assert.Equal("old", await GetAsync(B, Kept));
        Origin.IsDown = false;
        Origin.Value = "new";
        Assert.Equal("new", await GetAsync(A, Kept));
    }

    [Fact]
    public async Task ExpireByTag_NodeThatHasJustStarted_KnowsItFromL2()
    {
        await StoreOldAsync(Kept);
        await A.Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);
        await A.Cache.RemoveByTagAsync("the clock goes on", Cancel);
        var late = await StartAsync();

        Assert.Null(await late.PeekAsync("k"));
        Assert.Equal((true, "old"), await late.Cache.TryGetAsync<string>("k", Expired, Cancel) is var found ? (found.IsExpired, found.Value) : default);
        Assert.Equal("new", await GetAsync(late, Kept));
    }

    [Fact]
    public async Task ExpireByTag_SlidingEntryThatIsReadOn_DoesNotComeBack()
    {
        var sliding = new LarderEntryOptions { SlidingExpiration = Hour, FailSafe = Kept.FailSafe };
        await StoreOldAsync(sliding);

        await A.Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);
        await CatchUpAsync();
        await A.Cache.RefreshAsync("k", Cancel);
        await B.Cache.RefreshAsync("k", Cancel);

        Assert.Null(await A.PeekAsync("k"));
        Assert.Null(await B.PeekStoreAsync("k"));
        Assert.Equal("new", await GetAsync(B, sliding));
    }

    [Fact]
    public async Task ExpireByTag_NotModified_IsFreshAgain()
    {
        await StoreOldAsync(Kept);
        await A.Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);
        await CatchUpAsync();

        var value = await B.Cache.GetOrCreateAsync<string?>("k", static (context, _) => ValueTask.FromResult(context.NotModified()), Kept, cancellationToken: Cancel);

        Assert.Equal("old", value);
        await CatchUpAsync();
        Assert.Equal("old", await A.PeekAsync("k"));
        Assert.Equal("old", await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task GetOrCreateMany_SomeWereExpiredByTheirTag_OnlyTheseAreMadeAnew()
    {
        await A.Cache.SetManyAsync([KeyValuePair.Create("a", "old"), KeyValuePair.Create("b", "old")], Kept, [InvalidationKinds.Tag], Cancel);
        await A.Cache.SetAsync("c", "old", Kept, cancellationToken: Cancel);
        await CatchUpAsync();
        await B.Cache.ExpireByTagAsync([InvalidationKinds.Tag, "another"], Cancel);
        await CatchUpAsync();

        var found = await A.Cache.GetOrCreateManyAsync(
            ["a", "b", "c"], static (missing, _) => ValueTask.FromResult(missing.ToDictionary(static key => key, static _ => "new")), Kept, cancellationToken: Cancel);

        Assert.Equal(("new", "new", "old"), (found["a"], found["b"], found["c"]));
    }

    [Fact]
    public async Task ExpireByTag_ByTheOther_IsAnEventAndIsExplained()
    {
        await StoreOldAsync(Kept);
        var events = new List<LarderEvent>();
        using (A.Cache.Events.Subscribe(happened =>
        {
            lock (events)
            {
                events.Add(happened);
            }
        }))
        {
            await B.Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);
            await CatchUpAsync();
            await Eventually.TrueAsync(() =>
            {
                lock (events)
                {
                    return events.Exists(happened => happened is { Kind: LarderEventKind.ExpireTag, Subject: InvalidationKinds.Tag } && happened.Node == B.Cache.NodeId);
                }
            });
        }

        var all = await A.Cache.ExplainAsync("k", Cancel);
        Assert.Equal((MissReason.Expired, MissReason.Expired, InvalidationKinds.Tag), (all.LocalMiss, all.StoreMiss, all.KilledBy));
        Assert.Contains($"expired by the tag '{InvalidationKinds.Tag}' ", all.Summary, StringComparison.Ordinal);
        Assert.Contains($" ago by {B.Cache.NodeId}", all.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpireByTag_ServerIsDown_IsDeliveredAsARemoval()
    {
        await StoreOldAsync(Kept);
        await Server.StopAsync();
        await Eventually.TrueAsync(() => A.Cache.Node.Line!.IsDown || !A.Cache.Node.Trust.IsTrusted(A.Cache.Node.Clock.Now), TimeSpan.FromSeconds(30));

        await A.Cache.ExpireByTagAsync(InvalidationKinds.Tag, Cancel);

        Assert.Equal(1, A.Cache.Node.Undelivered.Count);
        Assert.True(A.Cache.Node.Undelivered.CoversTags([InvalidationKinds.Tag]));
        Assert.Null(await A.PeekAsync("k"));
        Origin.IsDown = true;
        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(A, Kept));
    }

    [Fact]
    public async Task RemoveByTag_NameOfTheCachesOwn_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => A.Cache.RemoveByTagAsync("larder:expired:t", Cancel).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => A.Cache.SetAsync("k", "v", tags: ["larder:expired:t"], cancellationToken: Cancel).AsTask());
    }
}

/// <summary>On redis-server.</summary>
public sealed class ExpireByTagTestsOnRedis() : ExpireByTagTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class ExpireByTagTestsOnGarnet() : ExpireByTagTests(ServerKind.Garnet);
