using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Tests.Policies;

/// <summary>Expired values for callers without a factory.</summary>
public sealed class ReadExpiredTests() : MemoryPolicyTests(static options =>
    options.EntryOptionsFor = static key => key.StartsWith("expired:", StringComparison.Ordinal) ? Expired : null)
{
    private static readonly LarderEntryOptions Expired = new() { ReadExpired = true };
    private static readonly LarderEntryOptions Kept = new()
    {
        Expiration = TimeSpan.FromSeconds(10),
        FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromSeconds(60) },
    };

    [Fact]
    public async Task TryGet_ValueHasExpired_IsFoundWhereItIsAskedFor()
    {
        await Cache.SetAsync("k", "old", Kept, cancellationToken: Cancel);
        var fresh = await Cache.TryGetAsync<string>("k", Expired, Cancel);
        Time.Advance(10 * Second);

        var expired = await Cache.TryGetAsync<string>("k", Expired, Cancel);

        Assert.Equal((true, false, "old", 10 * Second), (fresh.Found, fresh.IsExpired, fresh.Value, fresh.ExpiresIn));
        Assert.Equal((true, true, "old", TimeSpan.Zero), (expired.Found, expired.IsExpired, expired.Value, expired.ExpiresIn));
        Assert.Equal((CacheLevel.L1, 10 * Second), (expired.Level, expired.Age));
        Assert.False((await Cache.TryGetAsync<string>("k", Cancel)).Found);
    }

    [Fact]
    public async Task TryGet_LongerThanFailSafeKeepsIt_FindsNothing()
    {
        await Cache.SetAsync("k", "old", Kept, cancellationToken: Cancel);

        Time.Advance((70 * Second) - Instant);
        Assert.True((await Cache.TryGetAsync<string>("k", Expired, Cancel)).Found);
        Time.Advance(Instant);
        Assert.False((await Cache.TryGetAsync<string>("k", Expired, Cancel)).Found);
    }

    [Fact]
    public async Task TryGet_StoredWithoutFailSafe_FindsNothing()
    {
        await Cache.SetAsync("k", "old", new LarderEntryOptions { Expiration = 10 * Second }, cancellationToken: Cancel);

        Time.Advance(10 * Second);

        Assert.False((await Cache.TryGetAsync<string>("k", Expired, Cancel)).Found);
    }

    [Theory]
    [MemberData(nameof(AllInvalidations))]
    public async Task TryGet_ExpiredAndThenInvalidated_OnlyWhatWasExpiredIsFound(Invalidation invalidation)
    {
        await Cache.SetAsync("k", "old", Kept, [InvalidationKinds.Tag], Cancel);
        Time.Advance(10 * Second);

        await Cache.InvalidateAsync(invalidation, "k");

        var expected = invalidation == Invalidation.Expire ? "old" : invalidation.Leaves();
        Assert.Equal(expected, (await Cache.TryGetAsync<string>("k", Expired, Cancel)).Value);
    }

    [Fact]
    public async Task TryGet_ExpiredByItsKey_IsFound()
    {
        await Cache.SetAsync("k", "old", Kept, cancellationToken: Cancel);

        await Cache.ExpireAsync("k", Cancel);

        Assert.Equal((true, "old"), (await Cache.TryGetAsync<string>("k", Expired, Cancel)) is var found ? (found.IsExpired, found.Value) : default);
    }

    [Fact]
    public async Task TryGet_CopyLeftL1BeforeTheValueExpired_IsNotExpired()
    {
        // In memory alone nothing else has it.
        var options = new LarderEntryOptions { Expiration = 10 * Second, LocalCacheExpiration = Second, FailSafe = Kept.FailSafe };
        await Cache.SetAsync("k", "old", options, cancellationToken: Cancel);

        Time.Advance(Second);

        var found = await Cache.TryGetAsync<string>("k", Expired, Cancel);
        Assert.Equal((true, false, 9 * Second), (found.Found, found.IsExpired, found.ExpiresIn));
    }

    [Fact]
    public async Task Calls_WithoutAFactoryOfAnyKind_FindExpiredValuesOfKeysThatSaySo()
    {
        await Cache.SetAsync("expired:1", "old", Kept, cancellationToken: Cancel);
        await Cache.SetAsync("k", "old", Kept, cancellationToken: Cancel);
        Time.Advance(10 * Second);

        Assert.True((await Cache.TryGetAsync<string>("expired:1", Cancel)).IsExpired);
        Assert.Equal(["expired:1"], (await Cache.GetManyAsync<string>(["expired:1", "k"], Cancel)).Keys);
        var flags = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData };
        Assert.Equal("old", await Cache.GetOrCreateAsync("expired:1", Origin, static (origin, token) => origin.CallAsync(token), flags, cancellationToken: Cancel));
        Assert.Null(await Cache.GetOrCreateAsync("k", Origin, static (origin, token) => origin.CallAsync(token), flags, cancellationToken: Cancel));
        Assert.Equal(0, Origin.Calls);
    }

    [Fact]
    public async Task GetOrCreate_ReadExpired_RunsTheFactoryAllTheSame()
    {
        await Cache.SetAsync("expired:1", "old", Kept, cancellationToken: Cancel);
        Time.Advance(10 * Second);

        Assert.Equal("new", await Cache.GetOrCreateAsync("expired:1", Origin, static (origin, token) => origin.CallAsync(token), cancellationToken: Cancel));
    }
}
