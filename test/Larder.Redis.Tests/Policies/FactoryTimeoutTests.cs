using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Factory time-outs across two nodes.</summary>
public abstract class FactoryTimeoutTests(ServerKind kind) : PolicyTests(kind)
{
    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = Hour,
        FailSafe = new FailSafeOptions { MaximumDuration = Hour, Throttle = TimeSpan.FromMinutes(1) },
        FactoryTimeout = new FactoryTimeoutOptions { Soft = 2 * Second, Hard = 10 * Second },
    };

    [Fact]
    public async Task Get_SoftTimeout_ExpiredValueAndTheFactorysIsCommittedUnderItsLease()
    {
        var (gate, call) = await GetFromSlowOriginAsync();

        await AdvanceAsync(Second);
        Assert.False(call.IsCompleted);
        await AdvanceUntilAnsweredAsync(call);
        Assert.Equal("old", await call);
        gate.Open();

        await Eventually.TrueAsync(async () => await A.PeekAsync("k") == "new", message: "the factory's value is in A's L1");
        Assert.Equal("new", await B.GetAsync("k", "never"));
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_WaitsForTheOtherNodesFactory_SoftTimeoutCounts()
    {
        var (gate, call) = await GetFromSlowOriginAsync();
        var waiting = GetAsync(B, Options);

        await AdvanceAsync(Second);
        Assert.False(waiting.IsCompleted);
        await AdvanceUntilAnsweredAsync(Task.WhenAll(waiting, call));

        Assert.Equal("old", await waiting);
        Assert.Equal("old", await call);
        gate.Open();
        await LeasesHaveEndedAsync(1);
        await Eventually.TrueAsync(async () => await GetAsync(B, Options) == "new", message: "B has A's value");
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_WaitsForTheOtherNodesFactoryAndNothingIsExpired_HardTimeoutThrows()
    {
        var options = new LarderEntryOptions { FactoryTimeout = new FactoryTimeoutOptions { Hard = 2 * Second } };
        var gate = Origin.Hold();
        var call = GetAsync(A, options);
        await gate.Reached;
        var waiting = GetAsync(B, options);

        await AdvanceUntilAnsweredAsync(Task.WhenAll(call, waiting));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        gate.Open();
        await Eventually.TrueAsync(async () => await A.PeekAsync("k") == "new", message: "the value that came in time is cached");
        Assert.Equal("new", await B.GetAsync("k", "never"));
    }

    [Fact]
    public async Task Get_FactoryHangs_OthersAreBlockedForTheLeaseOnly()
    {
        var options = new LarderEntryOptions { FactoryTimeout = new FactoryTimeoutOptions { Hard = 2 * Second } };
        var hung = Origin.Hold();
        var call = GetAsync(A, options);
        await hung.Reached;
        await AdvanceUntilAnsweredAsync(call);
        await Assert.ThrowsAsync<TimeoutException>(() => call);

        var onSameNode = A.GetAsync("k", "newer");
        var onOtherNode = B.GetAsync("k", "newer");
        await AdvanceAsync(15 * Second);

        Assert.Equal("newer", await onSameNode);
        Assert.Equal("newer", await onOtherNode);
        hung.Open();
        Assert.Equal("newer", await B.PeekStoreAsync("k"));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedAfterTheSoftTimeout_LateValueIsNotStored(Invalidation invalidation, bool byOther)
    {
        var (gate, call) = await GetFromSlowOriginAsync();
        await AdvanceUntilAnsweredAsync(call);
        Assert.Equal("old", await call);

        await InvalidateAsync(invalidation, byOther);
        gate.Open();
        await LeasesHaveEndedAsync(1);
        await CatchUpAsync();

        if (invalidation is Invalidation.RemoveByTag or Invalidation.ExpireByTag or Invalidation.Clear)
        {
            // The caller named no tags, so its value has none; it began before the removal, and Clear is meant by all.
            Assert.Equal(invalidation == Invalidation.Clear ? null : "new", await A.PeekStoreAsync("k"));
            Assert.Equal(invalidation == Invalidation.Clear ? null : "new", await A.PeekAsync("k"));
        }
        else
        {
            await AssertGoneAsync(invalidation);
        }
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedAfterTheSoftTimeout_LaterCallersDoNotGetTheExpiredValue(Invalidation invalidation, bool byOther)
    {
        var (gate, call) = await GetFromSlowOriginAsync();
        await AdvanceUntilAnsweredAsync(call);
        Assert.Equal("old", await call);

        await InvalidateAsync(invalidation, byOther);
        var (onA, onB) = (GetAsync(A, Options), GetAsync(B, Options));
        gate.Open();

        // What has expired by its key may come back, but there is no need: the origin answers by now.
        Assert.Equal(invalidation.Leaves() ?? "new", await onA);
        Assert.Equal(invalidation.Leaves() ?? "new", await onB);
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedBeforeTheSoftTimeout_OnlyAnExpiredOneAnswers(Invalidation invalidation, bool byOther)
    {
        var (gate, call) = await GetFromSlowOriginAsync();

        await InvalidateAsync(invalidation, byOther);
        if (invalidation.IsExpiry())
        {
            await AdvanceUntilAnsweredAsync(call);
            Assert.Equal("old", await call);
        }
        else
        {
            await AdvanceAsync(4 * Second);
            Assert.False(call.IsCompleted);
        }

        gate.Open();
        Assert.Equal(invalidation.IsExpiry() ? "old" : "new", await call);
    }

    /// <summary>A call on A that found an expired value, and whose factory waits at the gate.</summary>
    private async Task<(Gate Gate, Task<string?> Call)> GetFromSlowOriginAsync()
    {
        await StoreExpiredAsync(Options);
        var gate = Origin.Hold();
        var call = GetAsync(A, Options);
        await gate.Reached;
        return (gate, call);
    }
}

/// <summary>On redis-server.</summary>
public sealed class FactoryTimeoutTestsOnRedis() : FactoryTimeoutTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class FactoryTimeoutTestsOnGarnet() : FactoryTimeoutTests(ServerKind.Garnet);
