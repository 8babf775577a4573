using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>Jitter, and the lifetimes of null.</summary>
public sealed class LifetimeTests : MemoryPolicyTests
{
    [Fact]
    public async Task Jitter_ManyEntries_ExpireAtDifferentTimesNeverBeforeTheirExpiration()
    {
        var options = new LarderEntryOptions { Expiration = 10 * Second, Jitter = 10 * Second };
        for (var i = 0; i < 100; i++)
        {
            await Cache.SetAsync($"set {i}", "value", options, cancellationToken: Cancel);
            await Cache.GetOrCreateAsync($"made {i}", static _ => new ValueTask<string>("value"), options, cancellationToken: Cancel);
        }

        foreach (var how in (string[])["set", "made"])
        {
            var left = new List<TimeSpan>();
            for (var i = 0; i < 100; i++)
            {
                left.Add((await Cache.TryGetAsync<string>($"{how} {i}", Cancel)).ExpiresIn!.Value);
            }

            Assert.All(left, time => Assert.InRange(time, 10 * Second, 20 * Second));

            // Of 100 times out of 10,000 ms some may be alike; that all lie in one half of them has a chance of one in 2^99.
            Assert.True(left.Distinct().Count() > 50);
            Assert.True(left.Max() - left.Min() > 5 * Second);
        }
    }

    [Fact]
    public async Task NullExpiration_NullAndAnyOtherValue_EachHasItsOwn()
    {
        var options = new LarderEntryOptions { Expiration = 100 * Second, NullExpiration = 5 * Second };
        Origin.Value = null;

        Assert.Null(await GetAsync(options));
        Time.Advance((5 * Second) - Instant);
        Assert.Null(await GetAsync(options));
        Assert.Equal(1, Origin.Calls);

        Time.Advance(Instant);
        Origin.Value = "new";
        Assert.Equal("new", await GetAsync(options));
        Time.Advance((100 * Second) - Instant);
        Assert.Equal("new", await GetAsync(options));
        Assert.Equal(2, Origin.Calls);
    }

    [Fact]
    public async Task NullExpiration_NullIsSet_HasItsOwn()
    {
        await Cache.SetAsync<string?>("k", null, new LarderEntryOptions { NullExpiration = 5 * Second }, cancellationToken: Cancel);

        Assert.Equal(5 * Second, (await Cache.TryGetAsync<string?>("k", Cancel)).ExpiresIn);
    }

    [Fact]
    public async Task CacheNull_Off_EachCallerAsksTheOrigin()
    {
        Origin.Value = null;
        var options = new LarderEntryOptions { CacheNull = false };

        Assert.Null(await GetAsync(options));
        Assert.Null(await GetAsync(options));

        Assert.Equal(2, Origin.Calls);
        Assert.False((await Cache.TryGetAsync<string?>("k", Cancel)).Found);
    }

    [Fact]
    public async Task CacheNull_OffAndNullIsSet_FormerValueIsGone()
    {
        await Cache.SetAsync("k", "old", cancellationToken: Cancel);

        await Cache.SetAsync<string?>("k", null, new LarderEntryOptions { CacheNull = false }, cancellationToken: Cancel);

        Assert.False((await Cache.TryGetAsync<string?>("k", Cancel)).Found);
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task Null_InvalidatedWhileTheFactoryRuns_IsNotKept(Invalidation invalidation)
    {
        Origin.Value = null;
        var gate = Origin.Hold();
        var call = GetAsync(null, [InvalidationKinds.Tag]);
        await gate.Reached;

        await Cache.InvalidateAsync(invalidation, "k");
        gate.Open();

        Assert.Null(await call);
        Origin.Value = "new";
        Assert.Equal(invalidation.Leaves() ?? "new", await GetAsync(null));
    }

    [Fact]
    public async Task Null_FactoryFails_ExpiredNullComesBack()
    {
        var options = new LarderEntryOptions
        {
            NullExpiration = 5 * Second, FailSafe = new FailSafeOptions { MaximumDuration = 60 * Second }.WithDefault<string?>("default"),
        };
        Origin.Value = null;
        await GetAsync(options);
        Time.Advance(5 * Second);
        Origin.IsDown = true;

        Assert.Null(await GetAsync(options));
    }

    [Fact]
    public async Task Flags_LocalCacheDisabled_NothingIsKept()
    {
        var options = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCache };

        await GetAsync(options);
        await GetAsync(options);

        Assert.Equal(2, Origin.Calls);
        Assert.Null(await PeekAsync());
    }
}
