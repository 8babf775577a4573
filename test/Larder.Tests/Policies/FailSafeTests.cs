using Larder.Testing.Policies;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>What a caller gets when the factory fails, to the millisecond.</summary>
public sealed class FailSafeTests : MemoryPolicyTests
{
    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = 10 * Second,
        FailSafe = new FailSafeOptions { MaximumDuration = 60 * Second, Throttle = 5 * Second },
    };

    public FailSafeTests() => Origin.IsDown = true;

    [Fact]
    public async Task Get_FactoryFails_ExpiredValueUpToTheMaximumDuration()
    {
        await SetOldAsync();

        Time.Advance(10 * Second);
        Assert.Equal("old", await GetAsync(Options));
        Time.Advance((60 * Second) - Instant);
        Assert.Equal("old", await GetAsync(Options));
        Assert.Equal(2, Origin.Calls);

        Time.Advance(Instant);
        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(Options));
    }

    [Fact]
    public async Task Get_WithinTheThrottle_OriginIsLeftAlone()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        await GetAsync(Options);

        Time.Advance((5 * Second) - Instant);
        Assert.Equal("old", await GetAsync(Options));
        Assert.Equal(1, Origin.Calls);

        Time.Advance(Instant);
        Assert.Equal("old", await GetAsync(Options));
        Assert.Equal(2, Origin.Calls);
    }

    [Fact]
    public async Task Get_OriginIsBackAfterTheThrottle_NewValueIsCached()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        await GetAsync(Options);
        Origin.IsDown = false;

        Assert.Equal("old", await GetAsync(Options));
        Time.Advance(5 * Second);
        Assert.Equal("new", await GetAsync(Options));
        Assert.Equal("new", await PeekAsync());
        Assert.Equal(2, Origin.Calls);
    }

    [Fact]
    public async Task Get_ManyCallersAtOnce_OneCallAndAllGetTheExpiredValue()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        var gate = Origin.Hold();
        var calls = Enumerable.Range(0, 100).Select(_ => GetAsync(Options)).ToArray();
        await gate.Reached;
        gate.Open();

        Assert.All(await Task.WhenAll(calls), value => Assert.Equal("old", value));
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task TryGet_Expired_FindsNothing()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        await GetAsync(Options);

        Assert.Null(await PeekAsync());
    }

    [Fact]
    public async Task Get_CallerHasNoFailSafe_GetsTheException()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);

        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(new LarderEntryOptions { FailSafe = FailSafeOptions.Off }));
        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(null));
    }

    [Fact]
    public async Task Get_EntryWasStoredWithoutFailSafe_GetsTheException()
    {
        await Cache.SetAsync("k", "old", new LarderEntryOptions { Expiration = 10 * Second }, cancellationToken: Cancel);
        Time.Advance(10 * Second);

        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(Options));
    }

    [Fact]
    public async Task Get_SlidingEntryHasExpired_FallingBackToItDoesNotMakeItFresh()
    {
        var sliding = new LarderEntryOptions { SlidingExpiration = 10 * Second, FailSafe = Options.FailSafe };
        await Cache.SetAsync("k", "old", sliding, cancellationToken: Cancel);
        Time.Advance(10 * Second);

        Assert.Equal("old", await GetAsync(sliding));
        Assert.Null(await PeekAsync());
        Time.Advance(5 * Second);
        Assert.Equal("old", await GetAsync(sliding));
        Assert.Equal(2, Origin.Calls);

        Time.Advance(55 * Second);
        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(sliding));
    }

    [Fact]
    public async Task Get_CallerCancels_IsNoFailure()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        var gate = Origin.Hold();
        using var cancellation = new CancellationTokenSource();
        var cancelled = Cache.GetOrCreateAsync(
            "k", Origin, static (origin, token) => origin.CallAsync(token), Options, cancellationToken: cancellation.Token).AsTask();
        await gate.Reached;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Origin.IsDown = false;
        Assert.Equal("new", await GetAsync(Options));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedBefore_OnlyAnExpiredOneComesBack(Invalidation invalidation)
    {
        await SetOldAsync();
        await Cache.InvalidateAsync(invalidation, "k");

        await AssertFallsBackOnlyIfExpiredAsync(invalidation, GetAsync(Options));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedAfterTheExpiration_OnlyAnExpiredOneComesBack(Invalidation invalidation)
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        await GetAsync(Options);

        await Cache.InvalidateAsync(invalidation, "k");

        await AssertFallsBackOnlyIfExpiredAsync(invalidation, GetAsync(Options));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedWhileTheFactoryRuns_OnlyAnExpiredOneComesBack(Invalidation invalidation)
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        var gate = Origin.Hold();
        var call = GetAsync(Options);
        await gate.Reached;

        await Cache.InvalidateAsync(invalidation, "k");
        gate.Open();

        if (invalidation.IsExpiry())
        {
            Assert.Equal("old", await call);
        }
        else
        {
            // It began before, and may have the exception; never the old value.
            await Assert.ThrowsAsync<OriginDownException>(() => call);
            Assert.Equal(invalidation.Leaves(), await PeekAsync());
        }
    }

    [Fact]
    public async Task Get_Expired_ThrottleBeginsAnew()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        await GetAsync(Options);
        Origin.IsDown = false;

        await Cache.ExpireAsync("k", Cancel);

        Assert.Equal("new", await GetAsync(Options));
    }

    [Fact]
    public async Task Expire_StoredWithoutFailSafe_IsRemoved()
    {
        await Cache.SetAsync("k", "old", new LarderEntryOptions { Expiration = 10 * Second }, cancellationToken: Cancel);

        await Cache.ExpireAsync("k", Cancel);

        Assert.False(Cache.Node.Local.Local.TryGet("k", out _));
    }

    [Fact]
    public async Task Get_NothingExpired_DefaultAndTheOriginIsLeftAlone()
    {
        var options = new LarderEntryOptions { FailSafe = Options.FailSafe!.WithDefault<string?>("default") };

        Assert.Equal("default", await GetAsync(options));
        Assert.Equal("default", await GetAsync(options));
        Assert.Equal(1, Origin.Calls);
        Assert.Null(await PeekAsync());

        Origin.IsDown = false;
        Time.Advance(5 * Second);
        Assert.Equal("new", await GetAsync(options));
    }

    [Fact]
    public async Task Get_ExpiredValueAndDefault_ExpiredValue()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);

        Assert.Equal("old", await GetAsync(new LarderEntryOptions { FailSafe = Options.FailSafe!.WithDefault<string?>("default") }));
    }

    [Fact]
    public async Task Get_DefaultOfAnotherType_SaysWhatItMayBe()
    {
        var options = new LarderEntryOptions { FailSafe = Options.FailSafe!.WithDefault(7) };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await GetAsync(options));

        Assert.Contains("System.Int32", failure.Message, StringComparison.Ordinal);
        Assert.Contains("System.String", failure.Message, StringComparison.Ordinal);
    }

    private ValueTask SetOldAsync() => Cache.SetAsync("k", "old", Options, [InvalidationKinds.Tag], Cancel);

    private async Task AssertFallsBackOnlyIfExpiredAsync(Invalidation invalidation, Task<string?> call)
    {
        if (invalidation.IsExpiry() || invalidation == Invalidation.Set)
        {
            Assert.Equal(invalidation.Leaves() ?? "old", await call);
        }
        else
        {
            await Assert.ThrowsAsync<OriginDownException>(() => call);
        }
    }
}
