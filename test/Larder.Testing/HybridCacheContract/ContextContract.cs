using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Testing.HybridCacheContract;

/// <summary>A factory that gets a context sees the options in force, and what it changes takes effect.</summary>
public abstract class ContextContract : ChangeContract
{
    [Fact]
    public async Task Context_OptionsOfTheCall_AreSeen()
    {
        var options = new HybridCacheEntryOptions
        {
            Expiration = TimeSpan.FromHours(2),
            LocalCacheExpiration = TimeSpan.FromHours(1),
            Flags = HybridCacheEntryFlags.DisableCompression,
            LocalSize = 1234,
        };

        var seen = await SeenAsync(Larder, options);

        Assert.Equal(
            (options.Expiration, options.LocalCacheExpiration, options.Flags, options.LocalSize),
            (seen.Expiration, seen.LocalCacheExpiration, seen.Flags, seen.LocalSize));
    }

    [Fact]
    public async Task Context_OptionsOfTheCache_AreSeenWhereTheCallLeavesThemOpen()
    {
        var cache = await StartAsync(options =>
        {
            options.DefaultEntryOptions.Expiration = TimeSpan.FromHours(3);
            options.DefaultEntryOptions.LocalCacheExpiration = TimeSpan.FromHours(2);
        });

        var seen = await SeenAsync(cache, new HybridCacheEntryOptions { LocalCacheExpiration = TimeSpan.FromHours(1) });

        Assert.Equal((TimeSpan.FromHours(3), TimeSpan.FromHours(1)), (seen.Expiration!.Value, seen.LocalCacheExpiration!.Value));
    }

    [Fact]
    public async Task Context_Unchanged_OptionsOfTheCallCount()
    {
        await MakeAsync(static _ => { }, new LarderEntryOptions { Expiration = TimeSpan.FromHours(8), SlidingExpiration = TimeSpan.FromHours(6) });

        Assert.InRange((await Larder.TryGetAsync<string>("key", Cancel)).ExpiresIn!.Value, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6));
    }

    [Fact]
    public async Task Context_ExpirationChanged_TakesEffectOnAllNodes()
    {
        await MakeAsync(static context => context.Expiration = TimeSpan.FromHours(9));

        foreach (var node in new[] { Larder, await OtherNodeAsync() })
        {
            Assert.InRange((await node.TryGetAsync<string>("key", Cancel)).ExpiresIn!.Value, TimeSpan.FromHours(8.9), TimeSpan.FromHours(9));
        }
    }

    [Fact]
    public async Task Context_LocalCacheExpirationChanged_TakesEffect()
    {
        await MakeAsync(static context => context.LocalCacheExpiration = TimeSpan.FromMilliseconds(1));

        var expected = HasStore ? CacheLevel.L2 : CacheLevel.None;
        await Eventually.TrueAsync(async () => (await Larder.TryGetAsync<string>("key", Cancel)).Level == expected);
    }

    [Fact]
    public async Task Context_FlagsChangedToCacheNothing_NothingIsCached()
    {
        await MakeAsync(static context =>
            context.Flags = HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite);

        Assert.Equal(CacheLevel.None, (await Larder.TryGetAsync<string>("key", Cancel)).Level);
    }

    [Fact]
    public async Task Context_FlagsChangedToL2Only_IsNotInL1()
    {
        await MakeAsync(static context => context.Flags = HybridCacheEntryFlags.DisableLocalCacheWrite);

        Assert.Equal(HasStore ? CacheLevel.L2 : CacheLevel.None, (await Larder.TryGetAsync<string>("key", Cancel)).Level);
    }

    [Fact]
    public async Task Context_FlagsChangedToL1Only_IsNotInL2()
    {
        await MakeAsync(static context => context.Flags = HybridCacheEntryFlags.DisableDistributedCacheWrite);

        Assert.Equal(CacheLevel.L1, (await Larder.TryGetAsync<string>("key", Cancel)).Level);
        Assert.Equal(HasStore ? CacheLevel.None : CacheLevel.L1, (await (await OtherNodeAsync()).TryGetAsync<string>("key", Cancel)).Level);
    }

    [Fact]
    public async Task Context_OptionsUnset_TheCallersCount()
    {
        await MakeAsync(
            static context =>
            {
                context.Expiration = null;
                context.Flags = null;
            },
            new HybridCacheEntryOptions { Expiration = TimeSpan.FromHours(1), Flags = HybridCacheEntryFlags.DisableLocalCacheWrite });

        var read = await Larder.TryGetAsync<string>("key", Cancel);
        Assert.Equal(HasStore ? CacheLevel.L2 : CacheLevel.None, read.Level);
        Assert.True(!read.Found || read.ExpiresIn > TimeSpan.FromMinutes(55), $"It expires in {read.ExpiresIn}.");
    }

    [Fact]
    public async Task Context_LocalSizeChangedToMoreThanL1Has_IsNotInL1()
    {
        await MakeAsync(static context => context.LocalSize = long.MaxValue / 2);

        Assert.NotEqual(CacheLevel.L1, (await Larder.TryGetAsync<string>("key", Cancel)).Level);
    }

    [Fact]
    public async Task Context_ExpirationOutOfRange_IsToldToTheCaller()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => MakeAsync(static context => context.Expiration = TimeSpan.Zero));

        Assert.Contains("Expiration was 00:00:00", failure.Message, StringComparison.Ordinal);
        Assert.False((await Larder.TryGetAsync<string>("key", Cancel)).Found);
    }

    private static async Task<HybridCacheEntryContext> SeenAsync(LarderCache cache, HybridCacheEntryOptions options) =>
        await cache.GetOrCreateAsync(
            "key",
            0,
            static (_, context, _) => ValueTask.FromResult(new Seen(context)),
            options,
            cancellationToken: Cancel) is { Context: { } context } ? context : throw new InvalidOperationException("The factory did not run.");

    private async Task MakeAsync(Action<HybridCacheEntryContext> change, HybridCacheEntryOptions? options = null) => await Cache.GetOrCreateAsync(
        "key",
        change,
        static (change, context, _) =>
        {
            change(context);
            return ValueTask.FromResult("made");
        },
        options,
        cancellationToken: Cancel);

    // Not serialized: only its own caller looks at it.
    private sealed class Seen(HybridCacheEntryContext? context)
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public HybridCacheEntryContext? Context => context;
    }
}
