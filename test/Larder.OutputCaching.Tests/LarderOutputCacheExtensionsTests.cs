using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.OutputCaching.Tests;

public sealed class LarderOutputCacheExtensionsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddLarderOutputCache_AddOutputCacheBeforeOrAfter_IsTheStoreAndOptionsOfBothCount(bool before)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        if (before)
        {
            services.AddOutputCache(static options => options.MaximumBodySize = 1);
        }

        services.AddLarderOutputCache(static options => options.DefaultExpirationTimeSpan = TimeSpan.FromHours(1));
        if (!before)
        {
            services.AddOutputCache(static options => options.MaximumBodySize = 1);
        }

        services.AddLarder();
        await using var provider = services.BuildServiceProvider();

        Assert.IsType<LarderOutputCacheStore>(provider.GetRequiredService<IOutputCacheStore>());
        var options = provider.GetRequiredService<IOptions<OutputCacheOptions>>().Value;
        Assert.Equal((1, TimeSpan.FromHours(1)), (options.MaximumBodySize, options.DefaultExpirationTimeSpan));
    }

    [Fact]
    public async Task AddLarderOutputCache_NamedCache_EvictsThere()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddLarder();
        services.AddLarder("pages");
        services.AddLarderOutputCache("pages");
        await using var provider = services.BuildServiceProvider();
        var (cache, pages) = (provider.GetRequiredService<LarderCache>(), provider.GetRequiredKeyedService<LarderCache>("pages"));
        foreach (var each in new[] { cache, pages })
        {
            await each.SetAsync("k", 1, tags: ["t"], cancellationToken: TestContext.Current.CancellationToken);
        }

        await provider.GetRequiredService<IOutputCacheStore>().EvictByTagAsync("t", TestContext.Current.CancellationToken);

        Assert.True((await cache.TryGetAsync<int>("k", TestContext.Current.CancellationToken)).Found);
        Assert.False((await pages.TryGetAsync<int>("k", TestContext.Current.CancellationToken)).Found);
    }

    [Fact]
    public async Task AddLarderOutputCache_WithoutACache_SaysSo()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddLarderOutputCache();
        await using var provider = services.BuildServiceProvider();

        var failure = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IOutputCacheStore>);

        Assert.Contains("AddLarder()", failure.Message, StringComparison.Ordinal);
    }
}
