using Microsoft.Extensions.Caching.Hybrid;
using Xunit;
using static Microsoft.Extensions.Caching.Hybrid.HybridCacheEntryFlags;

namespace Larder.Testing.HybridCacheContract;

/// <summary>The flags, as <see cref="HybridCacheEntryFlags"/> documents them.</summary>
public abstract class FlagsContract : ContextContract
{
    private const HybridCacheEntryFlags Nowhere = DisableLocalCacheRead | DisableDistributedCacheRead;

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

    private ValueTask<string?> GetAsync(string made, HybridCacheEntryFlags flags = None) => Cache.GetOrCreateAsync(
        "key", made, static (made, _) => ValueTask.FromResult<string?>(made), new HybridCacheEntryOptions { Flags = flags }, cancellationToken: Cancel);

    private async Task<CacheLevel> LevelAsync() => (await Larder.TryGetAsync<string>("key", Cancel)).Level;

    private async Task<CacheLevel> LevelOnOtherNodeAsync() => (await (await OtherNodeAsync()).TryGetAsync<string>("key", Cancel)).Level;
}
