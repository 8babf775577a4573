using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Expirations, retention and throttles by the server's own clock.</summary>
public abstract class ExpiredInTimeTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    protected override TimeProvider? NodeTime => null;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_ExpiredByTime_ComesBackUntilTheMaximumDuration(bool isSliding)
    {
        var failSafe = new FailSafeOptions { MaximumDuration = 2 * Second, Throttle = Short };
        var options = isSliding
            ? new LarderEntryOptions { SlidingExpiration = Short, FailSafe = failSafe }
            : new LarderEntryOptions { Expiration = Short, FailSafe = failSafe };
        await A.Cache.SetAsync("k", "old", options, cancellationToken: Cancel);
        Origin.IsDown = true;

        // A look that does not slide it. The copy in L1 counts from the answer of L2, and may expire a little later.
        await Eventually.TrueAsync(
            async () => await A.Cache.ExplainAsync("k", Cancel) is { LocalMiss: not MissReason.None, StoreMiss: not MissReason.None },
            message: "it has expired on A and in L2");

        Assert.Equal("old", await GetAsync(A, options));
        Assert.Equal("old", await GetAsync(B, options));
        await Eventually.TrueAsync(() => FailsAsync(A, options), message: "it is no longer kept on A");
        await Eventually.TrueAsync(() => FailsAsync(B, options), message: "it is no longer kept on B");
    }

    [Fact]
    public async Task Get_ThrottleIsOver_TheOtherNodeAsksTheOriginAgain()
    {
        var options = new LarderEntryOptions { Expiration = Hour, FailSafe = new FailSafeOptions { MaximumDuration = Hour, Throttle = Short } };
        await StoreExpiredAsync(options);
        Origin.IsDown = true;
        Assert.Equal("old", await GetAsync(A, options));
        Origin.IsDown = false;

        await Eventually.TrueAsync(async () => await GetAsync(B, options) == "new", message: "B asks the origin");

        await CatchUpAsync();
        Assert.Equal("new", await A.PeekAsync("k"));
        Assert.Equal(2, Origin.Calls);
    }

    [Fact]
    public async Task Get_L1LivesShorterThanL2_IsReadFromL2Again()
    {
        var options = new LarderEntryOptions { Expiration = Hour, LocalCacheExpiration = Short };
        await A.Cache.SetAsync("k", "old", options, cancellationToken: Cancel);
        await Eventually.TrueAsync(
            async () => (await A.Cache.TryGetAsync<string>("k", Cancel)).Level == CacheLevel.L2, message: "the copy in L1 has ended");

        Assert.Equal("old", await GetAsync(A, options));
        Assert.Equal("old", await GetAsync(B, options));
        Assert.Equal(0, Origin.Calls);
    }

    [Fact]
    public async Task Get_NullHasAShorterLifeInL2_OtherNodeAsksAfterIt()
    {
        var options = new LarderEntryOptions { Expiration = Hour, NullExpiration = Second };
        Origin.Value = null;
        Assert.Null(await GetAsync(A, options));
        Assert.Null(await GetAsync(B, options));
        Assert.Equal(1, Origin.Calls);

        Origin.Value = "new";

        await Eventually.TrueAsync(async () => await GetAsync(B, options) == "new", message: "the null has expired");
        Assert.Equal(2, Origin.Calls);
    }

    private async Task<bool> FailsAsync(Nodes.TestNode node, LarderEntryOptions options)
    {
        try
        {
            return await GetAsync(node, options) != "old";
        }
        catch (OriginDownException)
        {
            return true;
        }
    }
}

/// <summary>On redis-server.</summary>
public sealed class ExpiredInTimeTestsOnRedis() : ExpiredInTimeTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class ExpiredInTimeTestsOnGarnet() : ExpiredInTimeTests(ServerKind.Garnet);
