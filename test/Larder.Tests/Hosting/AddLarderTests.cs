using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.Tests.Hosting;

public sealed class AddLarderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddLarder_BothTypes_AreOneCache()
    {
        await using var services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();

        Assert.Same(services.GetRequiredService<LarderCache>(), services.GetRequiredService<HybridCache>());
        Assert.Equal("", services.GetRequiredService<LarderCache>().Name);
    }

    [Fact]
    public async Task AddLarder_NamedCaches_ShareNothing()
    {
        var registered = new ServiceCollection();
        registered.AddLarder();
        registered.AddLarder("orders");
        registered.AddLarder("users");
        await using var services = registered.BuildServiceProvider();
        var (main, orders, users) = (
            services.GetRequiredService<HybridCache>(),
            services.GetRequiredKeyedService<HybridCache>("orders"),
            services.GetRequiredKeyedService<HybridCache>("users"));

        await main.SetAsync("k", "main", cancellationToken: Cancel);
        await orders.SetAsync("k", "orders", cancellationToken: Cancel);
        await users.RemoveByTagAsync("*", Cancel);

        Assert.Equal("main", (await ((LarderCache)main).TryGetAsync<string>("k", Cancel)).Value);
        Assert.Equal("orders", (await ((LarderCache)orders).TryGetAsync<string>("k", Cancel)).Value);
        Assert.False((await ((LarderCache)users).TryGetAsync<string>("k", Cancel)).Found);
        Assert.Equal("orders", ((LarderCache)orders).Name);
    }

    [Fact]
    public void AddLarder_Configuration_IsBoundAndCodeComesAfterIt()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Larder:MaxStaleness"] = "00:00:07",
            ["Larder:Local:MaximumEntries"] = "77",
            ["Larder:DefaultEntryOptions:SlidingExpiration"] = "00:01:00",
            ["Larder:DefaultEntryOptions:Flags"] = "DisableCompression",
            ["Larder:StoreTimeout"] = "00:00:09",
            ["Larder:orders:MaxStaleness"] = "00:00:08",
        });
        builder.Services.AddLarder(options => options.StoreTimeout = TimeSpan.FromSeconds(3));
        builder.Services.AddLarder("orders");
        using var host = builder.Build();
        var options = host.Services.GetRequiredService<IOptionsMonitor<LarderOptions>>();

        Assert.Equal(
            (TimeSpan.FromSeconds(7), 77, TimeSpan.FromMinutes(1), HybridCacheEntryFlags.DisableCompression, TimeSpan.FromSeconds(3)),
            (options.CurrentValue.MaxStaleness,
                options.CurrentValue.Local.MaximumEntries,
                options.CurrentValue.DefaultEntryOptions.SlidingExpiration,
                options.CurrentValue.DefaultEntryOptions.Flags,
                options.CurrentValue.StoreTimeout));
        Assert.Equal(TimeSpan.FromSeconds(8), options.Get("orders").MaxStaleness);
        Assert.Equal(TimeSpan.FromSeconds(1), options.Get("orders").StoreTimeout);
    }

    [Fact]
    public async Task AddLarder_PoliciesInTheConfiguration_AreBoundAndInForce()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Larder:DefaultEntryOptions:FailSafe:MaximumDuration"] = "01:00:00",
            ["Larder:DefaultEntryOptions:FailSafe:Throttle"] = "00:00:10",
            ["Larder:DefaultEntryOptions:FactoryTimeout:Soft"] = "00:00:01",
            ["Larder:DefaultEntryOptions:FactoryTimeout:Hard"] = "00:00:05",
            ["Larder:DefaultEntryOptions:EagerRefresh"] = "0.8",
            ["Larder:DefaultEntryOptions:Jitter"] = "00:00:30",
            ["Larder:DefaultEntryOptions:CacheNull"] = "false",
            ["Larder:DefaultEntryOptions:NullExpiration"] = "00:00:20",
            ["Larder:DefaultEntryOptions:LocalPriority"] = "high",
        });
        builder.Services.AddLarder();
        using var host = builder.Build();
        var cache = host.Services.GetRequiredService<LarderCache>();

        var options = host.Services.GetRequiredService<IOptions<LarderOptions>>().Value.DefaultEntryOptions;
        Assert.Equal(new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1), Throttle = TimeSpan.FromSeconds(10) }, options.FailSafe);
        Assert.Equal(new FactoryTimeoutOptions { Soft = TimeSpan.FromSeconds(1), Hard = TimeSpan.FromSeconds(5) }, options.FactoryTimeout);
        Assert.Equal(
            (0.8, TimeSpan.FromSeconds(30), false, TimeSpan.FromSeconds(20), CacheItemPriority.High),
            (options.EagerRefresh, options.Jitter, options.CacheNull, options.NullExpiration, options.LocalPriority));

        await cache.SetAsync("k", "old", cancellationToken: Cancel);
        await cache.ExpireAsync("k", Cancel);
        Assert.Equal("old", await cache.GetOrCreateAsync<string>("k", static _ => throw new InvalidOperationException("down"), cancellationToken: Cancel));
    }

    [Fact]
    public async Task Start_SettingOutOfRange_FailsAndSaysWhich()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Larder:MaxStaleness"] = "00:00:00.5";
        builder.Services.AddLarder();
        using var host = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));

        Assert.Equal("The setting Larder:MaxStaleness was '00:00:00.5000000'; it may be from 00:00:02 to 01:00:00.", failure.Message);
    }

    [Fact]
    public async Task ServeDistributedCache_CacheWithoutAStore_SaysWhatToDo()
    {
        await using var services = new ServiceCollection().AddLarder().ServeDistributedCache().Services.BuildServiceProvider();

        var failure = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<IDistributedCache>());

        Assert.Contains("UseRedis", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_Twice_DoesNothingMore()
    {
        await using var services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();

        await cache.DisposeAsync();
        cache.Dispose();
    }
}
