using Larder.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Tests.Policies;

public sealed class EntryPolicyTests
{
    private static readonly TimeSpan One = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Two = TimeSpan.FromMinutes(2);

    [Fact]
    public void Compose_NothingSet_FiveMinutesAndNoMore()
    {
        var policy = Compose(null, new LarderEntryOptions());

        Assert.Equal(TimeSpan.FromMinutes(5), policy.Expiration);
        Assert.Null(policy.SlidingExpiration);
        Assert.Null(policy.LocalCacheExpiration);
        Assert.Equal((HybridCacheEntryFlags.None, null, false, true), (policy.Flags, policy.LocalSize, policy.ShareInstances, policy.CacheNull));
    }

    [Fact]
    public void Compose_SlidingAlone_HasNoAbsoluteDeadline()
    {
        Assert.Null(Compose(new LarderEntryOptions { SlidingExpiration = One }, new LarderEntryOptions()).Expiration);
        Assert.Equal(Two, Compose(new LarderEntryOptions { SlidingExpiration = One }, new LarderEntryOptions { Expiration = Two }).Expiration);
    }

    [Fact]
    public void Compose_EachOptionOfTheCall_BeatsTheCaches()
    {
        var defaults = new LarderEntryOptions
        {
            Expiration = One,
            SlidingExpiration = One,
            LocalCacheExpiration = One,
            Flags = HybridCacheEntryFlags.DisableLocalCache,
            LocalSize = 1,
            ShareInstances = true,
            CacheNull = false,
        };

        var kept = Compose(new LarderEntryOptions(), defaults);
        var beaten = Compose(
            new LarderEntryOptions
            {
                Expiration = Two,
                SlidingExpiration = Two,
                LocalCacheExpiration = Two,
                Flags = HybridCacheEntryFlags.None,
                LocalSize = 2,
                ShareInstances = false,
                CacheNull = true,
            },
            defaults);

        Assert.Equal(
            (One, One, One, HybridCacheEntryFlags.DisableLocalCache, 1, true, false),
            (kept.Expiration, kept.SlidingExpiration, kept.LocalCacheExpiration, kept.Flags, kept.LocalSize, kept.ShareInstances, kept.CacheNull));
        Assert.Equal(
            (Two, Two, Two, HybridCacheEntryFlags.None, 2, false, true),
            (beaten.Expiration, beaten.SlidingExpiration, beaten.LocalCacheExpiration, beaten.Flags, beaten.LocalSize, beaten.ShareInstances, beaten.CacheNull));
    }

    [Fact]
    public void Compose_MicrosoftsOptions_LeaveLardersToTheCache()
    {
        var policy = Compose(new HybridCacheEntryOptions { Expiration = Two }, new LarderEntryOptions { SlidingExpiration = One, CacheNull = false });

        Assert.Equal((Two, One, false), (policy.Expiration, policy.SlidingExpiration, policy.CacheNull));
    }

    [Theory]
    [InlineData(nameof(LarderEntryOptions.Expiration))]
    [InlineData(nameof(LarderEntryOptions.SlidingExpiration))]
    [InlineData(nameof(LarderEntryOptions.LocalCacheExpiration))]
    [InlineData(nameof(LarderEntryOptions.NullExpiration))]
    public void Compose_ZeroOrLess_SaysWhichAndWhatItWas(string option)
    {
        foreach (var value in (TimeSpan[])[TimeSpan.Zero, -One])
        {
            var options = new LarderEntryOptions();
            typeof(LarderEntryOptions).GetProperty(option)!.SetValue(options, value);

            var failure = Assert.Throws<ArgumentException>(() => Compose(options, new LarderEntryOptions()));
            Assert.Contains($"{option} was {value}", failure.Message, StringComparison.Ordinal);
        }
    }

    public static TheoryData<LarderEntryOptions, string> Wrong => new()
    {
        { new() { Jitter = -One }, "Jitter was -00:01:00; it may be 00:00:00 or more, or not set." },
        { new() { EagerRefresh = 1.5 }, "EagerRefresh was 1.5; it may be more than 0 and less than 1, or not set." },
        { new() { EagerRefresh = double.NaN }, "EagerRefresh was NaN; it may be more than 0 and less than 1, or not set." },
        { new() { FailSafe = new() { MaximumDuration = -One } }, "FailSafe.MaximumDuration was -00:01:00; it may be 00:00:00 or more, or not set." },
        { new() { FailSafe = new() { Throttle = TimeSpan.Zero } }, "FailSafe.Throttle was 00:00:00; it may be more than 00:00:00, or not set." },
        { new() { FactoryTimeout = new() { Soft = -One } }, "FactoryTimeout.Soft was -00:01:00; it may be more than 00:00:00, or not set." },
        { new() { FactoryTimeout = new() { Hard = TimeSpan.Zero } }, "FactoryTimeout.Hard was 00:00:00; it may be more than 00:00:00, or not set." },
        {
            new() { FactoryTimeout = new() { Soft = Two, Hard = One } },
            "FactoryTimeout.Hard was 00:01:00; it may be not less than FactoryTimeout.Soft, 00:02:00, or not set."
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Compose_WrongValue_SaysWhichWhatItWasAndMayBe(LarderEntryOptions options, string message)
    {
        var failure = Assert.Throws<ArgumentException>(() => Compose(options, new LarderEntryOptions()));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_PartOfFailSafeOrTimeouts_TheRestIsTheCaches()
    {
        var defaults = new LarderEntryOptions
        {
            FailSafe = new FailSafeOptions { MaximumDuration = One, Throttle = One }.WithDefault("default"),
            FactoryTimeout = new() { Soft = One, Hard = Two },
        };

        var policy = Compose(
            new LarderEntryOptions { FailSafe = new() { MaximumDuration = Two }, FactoryTimeout = new() { Hard = 2 * Two } }, defaults);

        Assert.Equal((Two, One, One, 2 * Two), (policy.Retention, policy.Throttle, policy.SoftTimeout, policy.HardTimeout));
        Assert.Equal(new FailSafeDefault<string>("default"), policy.Default);
        Assert.False(Compose(new LarderEntryOptions { FailSafe = FailSafeOptions.Off }, defaults).HasFailSafe);
    }

    private static EntryPolicy Compose(HybridCacheEntryOptions? options, LarderEntryOptions defaults) => EntryPolicy.Compose(options, defaults);
}
