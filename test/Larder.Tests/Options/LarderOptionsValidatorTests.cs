using Larder.Options;
using Microsoft.Extensions.Caching.Memory;
using Xunit;

namespace Larder.Tests.Options;

public sealed class LarderOptionsValidatorTests
{
    /// <summary>What is set, the setting as the message names it, the value, and what it may be.</summary>
    public static TheoryData<Action<LarderOptions>, string, string, string> Wrong => new()
    {
        { o => o.MaxStaleness = TimeSpan.FromSeconds(1), "MaxStaleness", "00:00:01", "from 00:00:02 to 01:00:00" },
        { o => o.MaxStaleness = TimeSpan.FromHours(2), "MaxStaleness", "02:00:00", "from 00:00:02 to 01:00:00" },
        { o => o.StoreTimeout = TimeSpan.Zero, "StoreTimeout", "00:00:00", "from 00:00:00.0010000 to 00:01:00" },
        { o => o.MaximumKeyLength = 15, "MaximumKeyLength", "15", "from 16 to 1048576" },
        { o => o.MaximumPayloadBytes = 0, "MaximumPayloadBytes", "0", "from 1 to" },
        { o => o.Local.MaximumEntries = 0, "Local:MaximumEntries", "0", "from 1 to 100000000" },
        { o => o.Local.MaximumBytes = 1023, "Local:MaximumBytes", "1023", "from 1024 to" },
        { o => o.Local.CollectionPauseGoal = TimeSpan.FromTicks(9_999), "Local:CollectionPauseGoal", "00:00:00.0009999", "from 00:00:00.0010000 to 00:00:01, or 00:00:00" },
        { o => o.Local.CollectionPauseGoal = TimeSpan.FromSeconds(1.1), "Local:CollectionPauseGoal", "00:00:01.1000000", "from 00:00:00.0010000 to" },
        { o => o.Local.Overflow.Directory = " ", "Local:Overflow:Directory", " ", "the path of a directory, or not set" },
        { o => o.Local.Overflow.MaximumBytes = (1 << 20) - 1, "Local:Overflow:MaximumBytes", "1048575", "from 1048576 to" },
        { o => o.Local.Overflow.MaximumEntries = 999, "Local:Overflow:MaximumEntries", "999", "from 1000 to 100000000" },
        { o => o.Lease.TimeToLive = TimeSpan.FromMilliseconds(199), "Lease:TimeToLive", "00:00:00.1990000", "from 00:00:00.2000000 to 00:01:00" },
        { o => o.Lease.MaximumDuration = TimeSpan.FromDays(1), "Lease:MaximumDuration", "1.00:00:00", "from 00:00:00.2000000 to 01:00:00" },
        { o => o.NodeName = "", "NodeName", "", "1 to 64 characters" },
        { o => o.NodeName = "web 1", "NodeName", "web 1", "none of them white space or a colon" },
        { o => o.NodeName = new string('x', 65), "NodeName", "xxx", "1 to 64 characters" },
        { o => o.DefaultEntryOptions.Expiration = TimeSpan.Zero, "DefaultEntryOptions:Expiration", "00:00:00", "more than 00:00:00, or not set" },
        { o => o.DefaultEntryOptions.SlidingExpiration = -TimeSpan.FromSeconds(1), "DefaultEntryOptions:SlidingExpiration", "-00:00:01", "more than 00:00:00" },
        { o => o.DefaultEntryOptions.LocalCacheExpiration = TimeSpan.Zero, "DefaultEntryOptions:LocalCacheExpiration", "00:00:00", "more than 00:00:00" },
        { o => o.DefaultEntryOptions.NullExpiration = TimeSpan.Zero, "DefaultEntryOptions:NullExpiration", "00:00:00", "more than 00:00:00, or not set" },
        { o => o.DefaultEntryOptions.Jitter = -TimeSpan.FromSeconds(1), "DefaultEntryOptions:Jitter", "-00:00:01", "00:00:00 or more, or not set" },
        { o => o.DefaultEntryOptions.EagerRefresh = 1, "DefaultEntryOptions:EagerRefresh", "1", "more than 0 and less than 1, or not set" },
        { o => o.DefaultEntryOptions.EagerRefresh = 0, "DefaultEntryOptions:EagerRefresh", "0", "more than 0 and less than 1, or not set" },
        { o => o.DefaultEntryOptions.EagerRefresh = double.NaN, "DefaultEntryOptions:EagerRefresh", "NaN", "more than 0 and less than 1, or not set" },
        {
            o => o.DefaultEntryOptions.FailSafe = new() { MaximumDuration = -TimeSpan.FromSeconds(1) },
            "DefaultEntryOptions:FailSafe:MaximumDuration", "-00:00:01", "00:00:00 or more, or not set"
        },
        {
            o => o.DefaultEntryOptions.FailSafe = new() { Throttle = TimeSpan.Zero },
            "DefaultEntryOptions:FailSafe:Throttle", "00:00:00", "more than 00:00:00, or not set"
        },
        {
            o => o.DefaultEntryOptions.FactoryTimeout = new() { Soft = TimeSpan.Zero },
            "DefaultEntryOptions:FactoryTimeout:Soft", "00:00:00", "more than 00:00:00, or not set"
        },
        {
            o => o.DefaultEntryOptions.FactoryTimeout = new() { Hard = TimeSpan.Zero },
            "DefaultEntryOptions:FactoryTimeout:Hard", "00:00:00", "more than 00:00:00, or not set"
        },
        {
            o => o.DefaultEntryOptions.FactoryTimeout = new() { Soft = TimeSpan.FromSeconds(2), Hard = TimeSpan.FromSeconds(1) },
            "DefaultEntryOptions:FactoryTimeout:Hard", "00:00:01", "not less than FactoryTimeout:Soft, 00:00:02, or not set"
        },
        { o => o.DefaultEntryOptions.LocalPriority = (CacheItemPriority)4, "DefaultEntryOptions:LocalPriority", "4", "Low, Normal, High or NeverRemove, or not set" },
        { o => o.DefaultEntryOptions.LocalSize = -1, "DefaultEntryOptions:LocalSize", "-1", "from 0 to" },
    };

    [Fact]
    public void Validate_Defaults_Succeeds() => Assert.True(new LarderOptionsValidator().Validate("", new LarderOptions()).Succeeded);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_WrongValue_NamesSettingValueAndRange(Action<LarderOptions> set, string setting, string value, string allowed)
    {
        var options = new LarderOptions();
        set(options);

        var failure = Assert.Single(new LarderOptionsValidator().Validate("", options).Failures!);

        Assert.StartsWith($"The setting Larder:{setting} was '{value}", failure, StringComparison.Ordinal);
        Assert.Contains(allowed, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_NamedCacheWithSeveralFaults_NamesItsSectionAndAllOfThem()
    {
        var result = new LarderOptionsValidator().Validate("orders", new LarderOptions { MaximumKeyLength = 0, StoreTimeout = TimeSpan.Zero });

        Assert.Equal(2, result.Failures!.Count());
        Assert.All(result.Failures!, failure => Assert.StartsWith("The setting Larder:orders:", failure, StringComparison.Ordinal));
    }
}
