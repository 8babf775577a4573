using Larder.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Xunit;

namespace Larder.Tests.Policies;

public sealed class EntryPoliciesTests
{
    private static readonly TimeSpan One = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Two = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Three = TimeSpan.FromMinutes(3);

    /// <summary>Each option with two values of its own.</summary>
    public static TheoryData<string, object, object> EachOption => new()
    {
        { nameof(LarderEntryOptions.Expiration), One, Two },
        { nameof(LarderEntryOptions.SlidingExpiration), One, Two },
        { nameof(LarderEntryOptions.LocalCacheExpiration), One, Two },
        { nameof(LarderEntryOptions.Flags), HybridCacheEntryFlags.DisableLocalCache, HybridCacheEntryFlags.None },
        { nameof(LarderEntryOptions.LocalSize), 1L, 2L },
        { nameof(LarderEntryOptions.LocalPriority), CacheItemPriority.Low, CacheItemPriority.NeverRemove },
        { nameof(LarderEntryOptions.ShareInstances), true, false },
        { nameof(LarderEntryOptions.CacheNull), true, false },
        { nameof(LarderEntryOptions.NullExpiration), One, Two },
        { nameof(LarderEntryOptions.Jitter), One, Two },
        { nameof(LarderEntryOptions.EagerRefresh), 0.1, 0.2 },
        { nameof(LarderEntryOptions.FailSafe), new FailSafeOptions { MaximumDuration = One, Throttle = Two }, new FailSafeOptions { MaximumDuration = Two, Throttle = One } },
        { nameof(LarderEntryOptions.ReadExpired), true, false },
        { nameof(LarderEntryOptions.CommitInBackground), true, false },
        { nameof(LarderEntryOptions.InvalidateInBackground), true, false },
        { nameof(LarderEntryOptions.FactoryTimeout), new FactoryTimeoutOptions { Soft = One, Hard = Two }, new FactoryTimeoutOptions { Soft = Two, Hard = Three } },
    };

    [Theory]
    [MemberData(nameof(EachOption))]
    public void Over_EachOption_ItsOwnOrElseTheOthers(string option, object own, object other)
    {
        var property = typeof(LarderEntryOptions).GetProperty(option)!;
        var (set, others) = (new LarderEntryOptions(), new LarderEntryOptions());
        property.SetValue(set, own);
        property.SetValue(others, other);

        Assert.Equivalent(own, property.GetValue(set.Over(others)), strict: true);
        Assert.Equivalent(other, property.GetValue(new LarderEntryOptions().Over(others)), strict: true);
        Assert.Equivalent(own, property.GetValue(set.Over(new LarderEntryOptions())), strict: true);
    }

    [Fact]
    public void EachOption_AreAllThatThereAre() => Assert.Equal(
        typeof(LarderEntryOptions).GetProperties().Select(static property => property.Name).Order(),
        EachOption.Select(static row => row.Data.Item1).Order());

    [Fact]
    public void Compose_CallKeyAndCache_TheMostSpecificValueCounts()
    {
        var policies = Policies(
            new LarderEntryOptions { Expiration = One, LocalCacheExpiration = One, NullExpiration = One },
            static _ => new LarderEntryOptions { LocalCacheExpiration = Two, NullExpiration = Two });

        var policy = policies.Compose("k", new LarderEntryOptions { NullExpiration = Three });

        Assert.Equal((One, Two, Three), (policy.Expiration, policy.LocalCacheExpiration, policy.NullExpiration));
        Assert.Equal(Two, policies.Compose("k", null).NullExpiration);
        Assert.Equal((Three, Two), (policies.Compose("k", new HybridCacheEntryOptions { Expiration = Three }).Expiration, policy.LocalCacheExpiration));
    }

    [Fact]
    public void Compose_PartOfFailSafe_TheRestIsTheNextLayers()
    {
        var policies = Policies(
            new LarderEntryOptions { FailSafe = new FailSafeOptions { MaximumDuration = One }.WithDefault("default") },
            static key => new LarderEntryOptions { FailSafe = key == "off" ? FailSafeOptions.Off : new() { Throttle = Two } });

        var policy = policies.Compose("k", new LarderEntryOptions { FailSafe = new() { MaximumDuration = Three } });

        Assert.Equal((Three, Two, new FailSafeDefault<string>("default")), (policy.Retention!.Value, policy.Throttle, policy.Default));
        Assert.False(policies.Compose("off", null).HasFailSafe);
        Assert.False(policies.Compose("off", new LarderEntryOptions { Expiration = One }).HasFailSafe);
    }

    [Fact]
    public void Compose_SlidingOfTheCallAlone_HasNoAbsoluteDeadlineUnlessTheKeyHas()
    {
        var policies = Policies(new(), static key => new LarderEntryOptions { Expiration = key == "bounded" ? Two : null });

        Assert.Null(policies.Compose("k", new LarderEntryOptions { SlidingExpiration = One }).Expiration);
        Assert.Equal(Two, policies.Compose("bounded", new LarderEntryOptions { SlidingExpiration = One }).Expiration);
    }

    [Fact]
    public void Compose_KeyWithoutOptions_IsTheCaches()
    {
        var policies = Policies(new LarderEntryOptions { Expiration = One }, static _ => null);

        Assert.Same(policies.Default, policies.Compose("k", null));
        Assert.Equal((Two, One), (policies.Compose("k", new LarderEntryOptions { Expiration = Two }).Expiration, policies.Default.Expiration));
    }

    [Fact]
    public void Compose_OptionsOfTheKeyTwice_IsTheSamePolicyAndTheyCannotBeChanged()
    {
        var options = new LarderEntryOptions { Expiration = One };
        var policies = Policies(new(), _ => options);

        Assert.Same(policies.Compose("a", null), policies.Compose("b", null));
        var failure = Assert.Throws<InvalidOperationException>(() => options.Expiration = Two);
        Assert.Contains("LarderEntryOptions.Expiration", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_WrongOptionOfTheKey_SaysWhichAndWhatItWas()
    {
        var policies = Policies(new(), static _ => new LarderEntryOptions { Expiration = -One });

        Assert.Contains("Expiration was -00:01:00", Assert.Throws<ArgumentException>(() => policies.Compose("k", null)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => policies.Compose("k", new LarderEntryOptions { Expiration = One }));
    }

    [Theory]
    [InlineData(false, false, HybridCacheEntryFlags.DisableCompression)]
    [InlineData(true, false, HybridCacheEntryFlags.DisableLocalCache)]
    [InlineData(true, true, HybridCacheEntryFlags.None)]
    [InlineData(false, true, HybridCacheEntryFlags.None)]
    public void FlagsOf_CallKeyAndCache_TheMostSpecificOnesCount(bool ofKey, bool ofCall, HybridCacheEntryFlags expected)
    {
        var policies = Policies(
            new LarderEntryOptions { Flags = HybridCacheEntryFlags.DisableCompression },
            _ => new LarderEntryOptions { Flags = ofKey ? HybridCacheEntryFlags.DisableLocalCache : null });

        var flags = policies.FlagsOf("k", ofCall ? new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.None } : null);

        Assert.Equal(expected, flags);
    }

    private static EntryPolicies Policies(LarderEntryOptions defaults, Func<string, LarderEntryOptions?> optionsFor) =>
        new(new LarderOptions { DefaultEntryOptions = defaults, EntryOptionsFor = optionsFor });
}
