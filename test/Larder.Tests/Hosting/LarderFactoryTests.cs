using Larder.Testing.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.Tests.Hosting;

public sealed class LarderFactoryTests
{
    private readonly MemoryServer _server = new(TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetCache_Registered_IsTheRegisteredOne()
    {
        await using var services = Services();

        var factory = services.GetRequiredService<ILarderFactory>();

        Assert.Same(services.GetRequiredService<LarderCache>(), factory.GetCache(""));
        Assert.Same(services.GetRequiredKeyedService<LarderCache>("orders"), factory.GetCache("orders"));
    }

    [Fact]
    public async Task GetCache_NameOfRunTime_HasTheDefaultsOptionsAndAWorldOfItsOwn()
    {
        await using var services = Services();
        var factory = services.GetRequiredService<ILarderFactory>();
        var (one, two) = (factory.GetCache("tenant-1"), factory.GetCache("tenant-2"));

        await one.SetAsync("k", "one", cancellationToken: Cancel);
        await two.SetAsync("k", "two", cancellationToken: Cancel);
        await two.ClearAsync(Cancel);

        Assert.Same(one, factory.GetCache("tenant-1"));
        Assert.Equal("one", (await one.TryGetAsync<string>("k", Cancel)).Value);
        Assert.False((await two.TryGetAsync<string>("k", Cancel)).Found);
        Assert.Equal(("tenant-1", TimeSpan.FromSeconds(7), "app:tenant-1:"), (one.Name, one.Node.Options.MaxStaleness, one.Node.Options.KeyPrefix));
        Assert.Equal(TimeSpan.FromSeconds(9), two.Node.Options.MaxStaleness); // its own section says so
    }

    [Fact]
    public async Task GetCache_SectionOfANameIsWrong_SaysWhichSetting()
    {
        await using var services = Services(("Larder:bad:MaxStaleness", "00:00:00"));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<ILarderFactory>().GetCache("bad"));

        Assert.Contains("Larder:bad:MaxStaleness was '00:00:00'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetCache_NoDefaultCache_SaysWhatToCall()
    {
        await using var services = new ServiceCollection().AddLarder("orders").Services.BuildServiceProvider();

        var failure = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<ILarderFactory>().GetCache("other"));

        Assert.Contains("AddLarder(\"other\")", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_OfTheServices_EndsTheCachesThatWereMade()
    {
        var services = Services();
        var cache = services.GetRequiredService<ILarderFactory>().GetCache("tenant-1");
        await cache.Ready;

        await services.DisposeAsync();

        Assert.False(cache.Events.HasSubscribers);
        await cache.DisposeAsync(); // once more does nothing
    }

    private ServiceProvider Services(params (string Setting, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Larder:MaxStaleness"] = "00:00:07",
            ["Larder:tenant-2:MaxStaleness"] = "00:00:09",
        };
        foreach (var (setting, value) in more)
        {
            settings[setting] = value;
        }

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddLarder(static options => options.KeyPrefix = "app:").UseStore((_, context) => new MemoryStore(_server, context));
        services.AddLarder("orders").UseStore((_, context) => new MemoryStore(_server, context));
        return services.BuildServiceProvider();
    }
}
