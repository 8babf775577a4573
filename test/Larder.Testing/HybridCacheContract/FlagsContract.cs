using Microsoft.Extensions.Caching.Hybrid;
using Xunit;
using static Microsoft.Extensions.Caching.Hybrid.HybridCacheEntryFlags;

namespace Larder.Testing.HybridCacheContract;

/// <summary>The flags, as <see cref="HybridCacheEntryFlags"/> documents them.</summary>
public abstract class FlagsContract : ContextContract
{
    private const HybridCacheEntryFlags Nowhere = DisableLocalCacheRead | DisableDistributedCacheRead;

    /// <summary>Every combination of the flags that turn something off.</summary>
    public static TheoryData<HybridCacheEntryFlags> EveryCombination =>
    [
        .. from local in new[] { None, DisableLocalCacheRead, DisableLocalCacheWrite, DisableLocalCache }
           from store in new[] { None, DisableDistributedCacheRead, DisableDistributedCacheWrite, DisableDistributedCache }
           from origin in new[] { None, DisableUnderlyingData }
           select local | store | origin,
    ];

    [Theory]
    [MemberData(nameof(EveryCombination))]
    public async Task Flags_NothingCached_EachTurnsOffWhatItSays(HybridCacheEntryFlags flags) => await AssertTurnsOffAsync(flags, null, null);

    [Theory]
    [MemberData(nameof(EveryCombination))]
    public async Task Flags_ValueInL1_EachTurnsOffWhatItSays(HybridCacheEntryFlags flags) => await AssertTurnsOffAsync(flags, "L1", null);

    [Theory]
    [MemberData(nameof(EveryCombination))]
    public async Task Flags_ValueInL2_EachTurnsOffWhatItSays(HybridCacheEntryFlags flags) => await AssertTurnsOffAsync(flags, null, "L2");

    [Theory]
    [MemberData(nameof(EveryCombination))]
    public async Task Flags_ValuesInBoth_EachTurnsOffWhatItSays(HybridCacheEntryFlags flags) => await AssertTurnsOffAsync(flags, "L1", "L2");

    [Theory]
    [InlineData(None)]
    [InlineData(DisableCompression)]
    public async Task Flags_ThatDisableNoLevel_ValueIsInBoth(HybridCacheEntryFlags flags)
    {
        Assert.Equal("made", await GetAsync("made", flags));

        Assert.Equal(CacheLevel.L1, await LevelAsync());
        Assert.Equal(HasStore ? CacheLevel.L2 : CacheLevel.L1, await LevelOnOtherNodeAsync());
    }

    [Fact]
    public async Task DisableLocalCacheWrite_ValueIsInL2Only()
    {
        Assert.Equal("made", await GetAsync("made", DisableLocalCacheWrite));

        Assert.Equal(HasStore ? CacheLevel.L2 : CacheLevel.None, await LevelAsync());
    }

    [Fact]
    public async Task DisableDistributedCacheWrite_ValueIsInL1Only()
    {
        Assert.Equal("made", await GetAsync("made", DisableDistributedCacheWrite));

        Assert.Equal(CacheLevel.L1, await LevelAsync());
        Assert.Equal(HasStore ? CacheLevel.None : CacheLevel.L1, await LevelOnOtherNodeAsync());
    }

    [Fact]
    public async Task DisableBothWrites_ValueIsNowhere()
    {
        Assert.Equal("made", await GetAsync("made", DisableLocalCacheWrite | DisableDistributedCacheWrite));

        Assert.Equal(CacheLevel.None, await LevelAsync());
    }

    [Fact]
    public async Task DisableLocalCacheRead_ValueComesFromL2()
    {
        await GetAsync("made", DisableDistributedCacheWrite);

        Assert.Equal("again", await GetAsync("again", DisableLocalCacheRead));
        Assert.Equal("again", await GetAsync("never"));
        Assert.Equal(HasStore ? "again" : "once more", await GetAsync("once more", DisableLocalCacheRead));
    }

    [Fact]
    public async Task DisableDistributedCacheRead_L1IsStillRead()
    {
        await GetAsync("made");

        Assert.Equal("made", await GetAsync("never", DisableDistributedCacheRead));
    }

    [Fact]
    public async Task DisableBothReads_FactoryRunsAndItsValueReplacesTheOld()
    {
        await GetAsync("made");

        Assert.Equal("again", await GetAsync("again", Nowhere));
        Assert.Equal("again", await GetAsync("never"));
        Assert.Equal("again", (await (await OtherNodeAsync()).TryGetAsync<string>("key", Cancel)).Value);
    }

    [Fact]
    public async Task DisableUnderlyingData_FactoryDoesNotRun()
    {
        Assert.Null(await GetAsync("never", DisableUnderlyingData));
        Assert.Equal(0, await Cache.GetOrCreateAsync(
            "number", static _ => ValueTask.FromResult(1), new HybridCacheEntryOptions { Flags = DisableUnderlyingData }, cancellationToken: Cancel));

        await GetAsync("made");

        Assert.Equal("made", await GetAsync("never", DisableUnderlyingData));
        Assert.Equal(HasStore ? "made" : null, await GetAsync("never", DisableUnderlyingData | DisableLocalCacheRead));
        Assert.Null(await GetAsync("never", DisableUnderlyingData | Nowhere));
    }

    [Theory]
    [InlineData(DisableLocalCacheWrite)]
    [InlineData(DisableDistributedCacheWrite)]
    [InlineData(DisableLocalCacheWrite | DisableDistributedCacheWrite)]
    public async Task Set_WithAWriteDisabled_LeavesNoOlderValueWhereItWrites(HybridCacheEntryFlags flags)
    {
        await GetAsync("old", DisableDistributedCacheWrite);

        await Cache.SetAsync("key", "new", new HybridCacheEntryOptions { Flags = flags }, cancellationToken: Cancel);

        Assert.NotEqual("old", await GetAsync("made"));
    }

    [Fact]
    public async Task Flags_OfTheCache_CountWhereTheCallSetsNone()
    {
        var cache = await StartAsync(options => options.DefaultEntryOptions.Flags = DisableLocalCacheWrite | DisableDistributedCacheWrite);

        await cache.SetAsync("key", "set", cancellationToken: Cancel);
        Assert.False((await cache.TryGetAsync<string>("key", Cancel)).Found);

        await cache.SetAsync("key", "set", new LarderEntryOptions { Flags = None }, cancellationToken: Cancel);
        Assert.True((await cache.TryGetAsync<string>("key", Cancel)).Found);
    }

    private async Task AssertTurnsOffAsync(HybridCacheEntryFlags flags, string? local, string? store)
    {
        store = HasStore ? store : null;
        if (store is not null)
        {
            await GetAsync(store, DisableLocalCacheWrite);
        }

        if (local is not null)
        {
            await GetAsync(local, Nowhere | DisableDistributedCacheWrite);
        }

        Assert.Equal((local, store), (await PeekLocalAsync(), await PeekStoreAsync()));
        var (value, localAfter, storeAfter) = Expected(flags, local, store);

        Assert.Equal(value, await GetAsync("made", flags));

        Assert.Equal((localAfter, storeAfter), (await PeekLocalAsync(), await PeekStoreAsync()));
    }

    /// <summary>What the documentation of the flags says of a read: its value, and what L1 and L2 hold after it.</summary>
    private (string? Value, string? Local, string? Store) Expected(HybridCacheEntryFlags flags, string? local, string? store)
    {
        if (local is not null && !flags.HasFlag(DisableLocalCacheRead))
        {
            return (local, local, store);
        }

        if (store is not null && !flags.HasFlag(DisableDistributedCacheRead))
        {
            return (store, flags.HasFlag(DisableLocalCacheWrite) ? local : store, store);
        }

        if (flags.HasFlag(DisableUnderlyingData))
        {
            return (null, local, store);
        }

        // Where L1 may not be written, its copy goes all the same once L2 has something newer.
        var isInStore = HasStore && !flags.HasFlag(DisableDistributedCacheWrite);
        var localAfter = !flags.HasFlag(DisableLocalCacheWrite) ? "made" : isInStore ? null : local;
        return ("made", localAfter, isInStore ? "made" : store);
    }

    private ValueTask<string?> PeekLocalAsync() => GetAsync("never", DisableUnderlyingData | DisableDistributedCache | DisableLocalCacheWrite);

    private ValueTask<string?> PeekStoreAsync() => GetAsync("never", DisableUnderlyingData | DisableLocalCache | DisableDistributedCacheWrite);

    private ValueTask<string?> GetAsync(string made, HybridCacheEntryFlags flags = None) => Cache.GetOrCreateAsync(
        "key", made, static (made, _) => ValueTask.FromResult<string?>(made), new HybridCacheEntryOptions { Flags = flags }, cancellationToken: Cancel);

    private async Task<CacheLevel> LevelAsync() => (await Larder.TryGetAsync<string>("key", Cancel)).Level;

    private async Task<CacheLevel> LevelOnOtherNodeAsync() => (await (await OtherNodeAsync()).TryGetAsync<string>("key", Cancel)).Level;
}
