using Larder.Options;
using Larder.Stores;
using Larder.Testing;
using Larder.Testing.Memory;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Larder.Tests.Options;

public sealed class OptionsAnalysisTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static TheoryData<Action<LarderOptions>, string> Doubtful => new()
    {
        { o => o.DefaultEntryOptions = new() { LocalCacheExpiration = Hour, Expiration = Minute }, "LocalCacheExpiration" },
        { o => o.DefaultEntryOptions = new() { SlidingExpiration = Hour, Expiration = Hour }, "SlidingExpiration" },
        { o => o.DefaultEntryOptions = new() { NullExpiration = Minute, CacheNull = false }, "NullExpiration" },
        { o => o.DefaultEntryOptions = new() { Jitter = Hour, Expiration = Minute }, "Jitter" },
        { o => o.DefaultEntryOptions = new() { EagerRefresh = 0.9, SlidingExpiration = Minute }, "EagerRefresh" },
        { o => o.DefaultEntryOptions = new() { FailSafe = new() { MaximumDuration = Minute, Throttle = Hour } }, "FailSafe:Throttle" },
        { o => o.DefaultEntryOptions = new() { FactoryTimeout = new() { Soft = Minute } }, "FactoryTimeout:Soft" },
        { o => o.DefaultEntryOptions = new() { FactoryTimeout = new() { Hard = Hour } }, "FactoryTimeout:Hard" },
        { o => o.DefaultEntryOptions = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData }, "underlying data" },
        {
            o => o.DefaultEntryOptions = new() { Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCache },
            "nothing is cached"
        },
        { o => (o.ThrowOnUndelivered, o.DefaultEntryOptions) = (true, new() { InvalidateInBackground = true }), "InvalidateInBackground" },
        { o => o.StoreTimeout = TimeSpan.FromSeconds(4), "Lease:TimeToLive" },
        { o => (o.StoreTimeout, o.Lease.TimeToLive) = (TimeSpan.FromSeconds(6), Minute), "MaxStaleness" },
        { o => (o.MaximumPayloadBytes, o.Local.MaximumBytes) = (2048, 1024), "MaximumPayloadBytes" },
    };

    [Theory]
    [MemberData(nameof(Doubtful))]
    public void Find_DoubtfulSetting_OneFindingThatNamesIt(Action<LarderOptions> set, string named)
    {
        var options = new LarderOptions();
        set(options);

        Assert.Contains(named, Assert.Single(OptionsAnalysis.Find(options, StoreCapabilities.All)), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_Defaults_Nothing()
    {
        Assert.Empty(OptionsAnalysis.Find(new LarderOptions(), StoreCapabilities.All));
        Assert.Empty(OptionsAnalysis.Find(new LarderOptions(), StoreCapabilities.None));
        Assert.Empty(OptionsAnalysis.Find(new LarderOptions(), null));
    }

    [Fact]
    public void Find_FailSafeWithoutAFeed_SaysWhereExpiredValuesAre()
    {
        var options = new LarderOptions { DefaultEntryOptions = new() { FailSafe = new() { MaximumDuration = Hour } } };

        Assert.Empty(OptionsAnalysis.Find(options, StoreCapabilities.All));
        Assert.Contains("no feed", Assert.Single(OptionsAnalysis.Find(options, StoreCapabilities.None)), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_DoubtfulSetting_OneWarningWithItsSection()
    {
        var log = new RecordedLog();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log))
            .AddLarder("orders", static options => options.DefaultEntryOptions = new() { NullExpiration = Minute, CacheNull = false })
            .UseStore(static (_, context) => new MemoryStore(new MemoryServer(TimeProvider.System), context)).Services.BuildServiceProvider();

        _ = services.GetRequiredKeyedService<LarderCache>("orders");

        Assert.Contains("The settings of Larder:orders are doubtful: NullExpiration is set", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }
}
