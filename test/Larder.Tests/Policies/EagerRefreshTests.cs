using Larder.Testing;
using Larder.Testing.Policies;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>A refresh in the background before the expiration, to the millisecond.</summary>
public sealed class EagerRefreshTests : MemoryPolicyTests
{
    private static readonly LarderEntryOptions Options = new() { Expiration = 100 * Second, EagerRefresh = 0.9 };

    [Fact]
    public async Task Get_BeforeTheShare_NoCall()
    {
        await SetOldAsync();

        Time.Advance((90 * Second) - Instant);

        Assert.Equal("old", await GetAsync(Options));
        await Task.Delay(20, Cancel);
        Assert.Equal(0, Origin.Calls);
    }

    [Fact]
    public async Task Get_AfterTheShare_OldValueAtOnceAndTheNewOneWhenItIsThere()
    {
        await SetOldAsync();
        Time.Advance(90 * Second);
        var gate = Origin.Hold();

        var values = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => GetAsync(Options)));
        await gate.Reached;
        gate.Open();

        Assert.All(values, value => Assert.Equal("old", value));
        await Eventually.TrueAsync(async () => await PeekAsync() == "new");
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_FactoryFails_OldValueUntilItExpires()
    {
        await SetOldAsync();
        Time.Advance(90 * Second);
        Origin.IsDown = true;

        Assert.Equal("old", await GetAsync(Options));
        await Eventually.TrueAsync(() => Origin.Calls == 1);
        Time.Advance((10 * Second) - Instant);
        Assert.Equal("old", await GetAsync(Options));
        Assert.Equal("old", await PeekAsync());
        Assert.Equal(1, Origin.Calls);

        Time.Advance(Instant);
        await Assert.ThrowsAsync<OriginDownException>(() => GetAsync(Options));
    }

    [Fact]
    public async Task Get_ExpiresWhileTheRefreshHangs_CallersWaitNoLongerThanTheirTimeouts()
    {
        var options = new LarderEntryOptions
        {
            Expiration = 100 * Second,
            EagerRefresh = 0.99,
            FailSafe = new FailSafeOptions { MaximumDuration = 60 * Second },
            FactoryTimeout = new FactoryTimeoutOptions { Soft = 2 * Second },
        };
        await Cache.SetAsync("k", "old", options, cancellationToken: Cancel);
        Time.Advance(99 * Second);
        var gate = Origin.Hold();
        Assert.Equal("old", await GetAsync(options));
        await gate.Reached;
        Time.Advance(Second);

        var call = GetAsync(options);
        Time.Advance(2 * Second);

        Assert.Equal("old", await call);
        gate.Open();
        await Eventually.TrueAsync(async () => await PeekAsync() == "new");
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_NothingIsExpiredAndTheRefreshHangs_HardTimeoutThrows()
    {
        var options = new LarderEntryOptions
        {
            Expiration = 100 * Second, EagerRefresh = 0.99, FactoryTimeout = new FactoryTimeoutOptions { Hard = 2 * Second },
        };
        await Cache.SetAsync("k", "old", options, cancellationToken: Cancel);
        Time.Advance(99 * Second);
        var gate = Origin.Hold();
        Assert.Equal("old", await GetAsync(options));
        await gate.Reached;
        Time.Advance(Second);

        var call = GetAsync(options);
        Time.Advance(2 * Second);

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        gate.Open();
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedWhileTheRefreshRuns_ItsValueIsNotKept(Invalidation invalidation)
    {
        await SetOldAsync();
        Time.Advance(90 * Second);
        var gate = Origin.Hold();
        Assert.Equal("old", await GetAsync(Options, [InvalidationKinds.Tag]));
        await gate.Reached;

        await Cache.InvalidateAsync(invalidation, "k");
        Origin.Value = "newer";
        var next = GetAsync(Options, [InvalidationKinds.Tag]);
        gate.Open();

        Assert.Equal(invalidation.Leaves() ?? "newer", await next);
        await Task.Delay(20, Cancel);
        Assert.Equal(invalidation.Leaves() ?? "newer", await PeekAsync());
    }

    private ValueTask SetOldAsync() => Cache.SetAsync("k", "old", Options, [InvalidationKinds.Tag], Cancel);
}
