using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Eager refresh across two nodes, by the clock of the server, which tells how old an entry is.</summary>
public abstract class EagerRefreshTests(ServerKind kind) : PolicyTests(kind)
{
    // From 300 ms on; no test lasts so long that the entry expires.
    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = TimeSpan.FromMinutes(5), EagerRefresh = 0.001, FailSafe = new FailSafeOptions { MaximumDuration = Hour },
    };

    protected override TimeProvider? NodeTime => null;

    [Fact]
    public async Task Get_PastTheShareOnBothNodes_OneCallInAll()
    {
        await StoreOldAsync(Options);
        var gate = await RefreshBeginsAsync();

        // The other node looks for the lease, and lets it be.
        await ShareHasPassedAsync(B);
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.Equal("old", await GetAsync(B, Options));
                return B.Store.Leases > 0;
            },
            message: "B has asked for the lease");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("old", await GetAsync(A, Options));
            Assert.Equal("old", await GetAsync(B, Options));
        }

        gate.Open();
        await Eventually.TrueAsync(async () => await A.PeekStoreAsync("k") == "new", message: "the new value is committed");
        await CatchUpAsync();
        Assert.Equal("new", await A.PeekAsync("k"));
        Assert.Equal("new", await B.PeekAsync("k"));
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_BeforeTheShare_NoCall()
    {
        var options = new LarderEntryOptions { Expiration = Hour, EagerRefresh = 0.9 };
        await StoreOldAsync(options);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("old", await GetAsync(A, options));
            Assert.Equal("old", await GetAsync(B, options));
        }

        Assert.Equal(0, Origin.Calls);
    }

    [Fact]
    public async Task Get_RefreshFails_TheEntryInL2IsAsFreshAsItWas()
    {
        await StoreOldAsync(Options);
        Origin.IsDown = true;
        var gate = await RefreshBeginsAsync();
        gate.Open();
        await LeasesHaveEndedAsync(1);

        Assert.Equal("old", await A.PeekStoreAsync("k"));
        Assert.Equal("old", await A.PeekAsync("k"));
        Assert.Equal("old", await (await StartAsync()).GetAsync("k", "never"));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedWhileTheRefreshRuns_ItsValueIsNotStored(Invalidation invalidation, bool byOther)
    {
        await StoreOldAsync(Options);
        var gate = await RefreshBeginsAsync();

        await InvalidateAsync(invalidation, byOther);
        gate.Open();
        await LeasesHaveEndedAsync(1);
        await CatchUpAsync();

        await AssertGoneAsync(invalidation);
    }

    /// <summary>Reads on A until that begins a refresh, which then waits at the gate.</summary>
    private async Task<Gate> RefreshBeginsAsync()
    {
        var gate = Origin.Hold();
        await ShareHasPassedAsync(A);

        // L2 tells its age by the server's clock, and may be of another opinion for a moment.
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.Equal("old", await EndsAsync(A.Cache.GetOrCreateAsync(
                    "k", Origin, static (origin, token) => origin.CallAsync(token), Options, [InvalidationKinds.Tag], Cancel)));
                return Origin.Calls > 0;
            },
            message: "a refresh has begun");
        await gate.Reached;
        return gate;
    }

    private static Task ShareHasPassedAsync(Nodes.TestNode node) => Eventually.TrueAsync(
        () => node.Cache.Node.Local.Local.TryGet("k", out var entry) && ((Local.CachedEntry)entry).EagerAt <= node.Cache.Node.Clock.Now,
        message: "the share of its life has passed");
}

/// <summary>On redis-server.</summary>
public sealed class EagerRefreshTestsOnRedis() : EagerRefreshTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class EagerRefreshTestsOnGarnet() : EagerRefreshTests(ServerKind.Garnet);
