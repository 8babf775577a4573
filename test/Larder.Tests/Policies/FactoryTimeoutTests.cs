using Larder.Testing;
using Larder.Testing.Policies;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>How long a caller waits for the factory, to the millisecond.</summary>
public sealed class FactoryTimeoutTests : MemoryPolicyTests
{
    private static readonly FactoryTimeoutOptions Timeouts = new() { Soft = 2 * Second, Hard = 5 * Second };

    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = 10 * Second,
        FailSafe = new FailSafeOptions { MaximumDuration = 60 * Second, Throttle = 4 * Second },
        FactoryTimeout = Timeouts,
    };

    [Fact]
    public async Task Get_SoftTimeoutWithAnExpiredValue_AnswersAndTheFactorysValueIsCached()
    {
        var (gate, call) = await GetFromSlowOriginAsync();

        Time.Advance((2 * Second) - Instant);
        Assert.False(call.IsCompleted);
        Time.Advance(Instant);
        Assert.Equal("old", await call);
        Assert.Equal("old", await GetAsync(Options));
        Assert.Equal(1, Origin.Calls);

        gate.Open();
        await Eventually.TrueAsync(async () => await PeekAsync() == "new", message: "the factory's value is cached");
        Assert.Equal(1, Origin.Calls);
    }

    [Fact]
    public async Task Get_SoftTimeoutAndTheFactoryFailsLater_OriginIsLeftAloneForTheThrottle()
    {
        var (gate, call) = await GetFromSlowOriginAsync();
        Time.Advance(2 * Second);
        Assert.Equal("old", await call);
        Origin.IsDown = true;
        Cache.Node.Local.Local.TryGet("k", out var answered);
        gate.Open();
        await Eventually.TrueAsync(
            () => Cache.Node.Local.Local.TryGet("k", out var failed) && failed != answered, message: "the failure has begun another throttle time");

        Time.Advance((4 * Second) - Instant);
        Assert.Equal("old", await GetAsync(Options));
        Assert.Equal(1, Origin.Calls);
        Time.Advance(Instant);
        Assert.Equal("old", await GetAsync(Options));
        Assert.Equal(2, Origin.Calls);
    }

    [Fact]
    public async Task Get_NothingExpired_HardTimeoutThrowsAndNextCallerDoesNotWaitForThatRun()
    {
        var gate = Origin.Hold();
        var call = GetAsync(Options);
        await gate.Reached;

        Time.Advance((5 * Second) - Instant);
        Assert.False(call.IsCompleted);
        Time.Advance(Instant);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => call);

        Assert.Contains("00:00:05", failure.Message, StringComparison.Ordinal);
        Origin.Value = "newer";
        Assert.Equal("newer", await GetAsync(Options));
        gate.Open();
    }

    [Fact]
    public async Task Get_HardTimeoutAndTheFactoryEndsLater_ItsValueIsCached()
    {
        var gate = Origin.Hold();
        var call = GetAsync(Options);
        await gate.Reached;
        Time.Advance(5 * Second);
        await Assert.ThrowsAsync<TimeoutException>(() => call);

        gate.Open();

        await Eventually.TrueAsync(async () => await PeekAsync() == "new", message: "the factory's value is cached");
    }

    [Fact]
    public async Task Get_HardTimeoutWithADefault_Default()
    {
        var gate = Origin.Hold();
        var call = GetAsync(new LarderEntryOptions { FailSafe = Options.FailSafe!.WithDefault<string?>("default"), FactoryTimeout = Timeouts });
        await gate.Reached;

        Time.Advance(5 * Second);

        Assert.Equal("default", await call);
        gate.Open();
    }

    [Fact]
    public async Task Get_CallersThatJoin_AreAnsweredToo()
    {
        var (gate, call) = await GetFromSlowOriginAsync();
        var joined = GetAsync(Options);

        Time.Advance(2 * Second);

        Assert.Equal(["old", "old"], await Task.WhenAll(call, joined));
        gate.Open();
    }

    [Fact]
    public async Task Get_FactoryKeepsTheKeyNoLonger_HardTimeoutStillCounts()
    {
        var gate = Origin.Hold();
        var call = GetAsync(new LarderEntryOptions { FactoryTimeout = new FactoryTimeoutOptions { Hard = 40 * Second } });
        await gate.Reached;

        await AdvanceAsync(call, 20);
        Assert.False(call.IsCompleted);
        await AdvanceAsync(call, 25);

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        gate.Open();
    }

    [Fact]
    public async Task Get_FactoryKeepsTheKeyNoLonger_SoftTimeoutStillCounts()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        var gate = Origin.Hold();
        var call = GetAsync(new LarderEntryOptions
        {
            FailSafe = Options.FailSafe, FactoryTimeout = new FactoryTimeoutOptions { Soft = 20 * Second },
        });
        await gate.Reached;

        await AdvanceAsync(call, 25);

        Assert.Equal("old", await call);
        gate.Open();
    }

    [Fact]
    public async Task Get_AnsweredAfterTheSoftTimeout_LaterCallersGetItNoLongerThanItIsKept()
    {
        var options = new LarderEntryOptions
        {
            FailSafe = new FailSafeOptions { MaximumDuration = 3 * Second, Throttle = Second },
            FactoryTimeout = new FactoryTimeoutOptions { Soft = 2 * Second },
        };
        await Cache.SetAsync("k", "old", new LarderEntryOptions { Expiration = Second, FailSafe = options.FailSafe }, cancellationToken: Cancel);
        Time.Advance(Second);
        var gate = Origin.Hold();
        var call = GetAsync(options);
        await gate.Reached;
        Time.Advance(2 * Second);
        Assert.Equal("old", await call);

        Time.Advance(Second);

        Assert.Equal("new", await GetAsync(options));
        gate.Open();
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedAfterTheSoftTimeout_NextCallerGetsTheNewValue(Invalidation invalidation)
    {
        var (gate, call) = await GetFromSlowOriginAsync();
        Time.Advance(2 * Second);
        Assert.Equal("old", await call);

        await Cache.InvalidateAsync(invalidation, "k");
        Origin.Value = "newer";

        Assert.Equal(invalidation.Leaves() ?? "newer", await GetAsync(Options));
        gate.Open();
        Assert.Equal(invalidation.Leaves() ?? "newer", await GetAsync(Options));
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Get_InvalidatedBeforeTheSoftTimeout_OnlyAnExpiredOneAnswers(Invalidation invalidation)
    {
        var (gate, call) = await GetFromSlowOriginAsync();

        await Cache.InvalidateAsync(invalidation, "k");
        Time.Advance(2 * Second);

        if (invalidation.IsExpiry())
        {
            Assert.Equal("old", await call);
        }

        gate.Open();
        Assert.Equal(invalidation.IsExpiry() ? "old" : "new", await call);
    }

    private ValueTask SetOldAsync() => Cache.SetAsync("k", "old", Options, [InvalidationKinds.Tag], Cancel);

    /// <summary>A call that found an expired value, and whose factory waits at the gate; its caller names no tags.</summary>
    private async Task<(Gate Gate, Task<string?> Call)> GetFromSlowOriginAsync()
    {
        await SetOldAsync();
        Time.Advance(10 * Second);
        var gate = Origin.Hold();
        var call = GetAsync(Options);
        await gate.Reached;
        return (gate, call);
    }

    /// <summary>Lets seconds pass until a call has its answer. What one of them brings may be late for the next.</summary>
    private async Task AdvanceAsync(Task call, int seconds)
    {
        for (var i = 0; i < seconds && !call.IsCompleted; i++)
        {
            Time.Advance(Second);
            await Task.WhenAny(call, Task.Delay(10, Cancel));
        }
    }
}
