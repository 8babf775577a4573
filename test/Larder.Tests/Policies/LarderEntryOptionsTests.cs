using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Tests.Policies;

public sealed class LarderEntryOptionsTests
{
    [Fact]
    public void Conversion_Twice_IsTheSameInstance()
    {
        var options = new LarderEntryOptions();

        Assert.Same(options.ToHybridCacheEntryOptions(), (HybridCacheEntryOptions?)options);
        Assert.Same(options, LarderEntryOptions.Behind(options.ToHybridCacheEntryOptions()));
    }

    [Fact]
    public void Conversion_Null_IsNull() => Assert.Null((HybridCacheEntryOptions?)(LarderEntryOptions?)null);

    [Fact]
    public void Conversion_Values_AreThoseThatHybridCacheKnows()
    {
        HybridCacheEntryOptions converted = new LarderEntryOptions { Expiration = TimeSpan.FromMinutes(1), LocalSize = 3 }!;

        Assert.Equal((TimeSpan.FromMinutes(1), null, 3), (converted.Expiration, converted.LocalCacheExpiration, converted.LocalSize));
    }

    [Fact]
    public void Behind_MicrosoftsOptions_Null() =>
        Assert.Null(LarderEntryOptions.Behind(new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCache }));

    [Fact]
    public void FlagsOf_NotSet_AreTheCaches()
    {
        const HybridCacheEntryFlags Defaults = HybridCacheEntryFlags.DisableCompression;

        Assert.Equal(Defaults, LarderEntryOptions.FlagsOf(null, Defaults));
        Assert.Equal(Defaults, LarderEntryOptions.FlagsOf(new HybridCacheEntryOptions(), Defaults));
        Assert.Equal(Defaults, LarderEntryOptions.FlagsOf(new LarderEntryOptions(), Defaults));
        Assert.Equal(HybridCacheEntryFlags.None, LarderEntryOptions.FlagsOf(new LarderEntryOptions { Flags = HybridCacheEntryFlags.None }, Defaults));
    }

    [Fact]
    public void Set_AfterTheFirstUse_ThrowsAndSaysWhich()
    {
        var options = new LarderEntryOptions { Expiration = TimeSpan.FromMinutes(1) };
        _ = options.ToHybridCacheEntryOptions();

        var failure = Assert.Throws<InvalidOperationException>(() => options.Expiration = TimeSpan.FromMinutes(2));

        Assert.Contains("LarderEntryOptions.Expiration", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(1), options.Expiration);
    }
}
