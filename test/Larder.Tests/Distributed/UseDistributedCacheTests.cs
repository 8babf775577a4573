using Larder.Testing;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Distributed;

/// <summary>A cache on a registered provider, as an app sets it up.</summary>
public sealed class UseDistributedCacheTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryProvider _memory;

    public UseDistributedCacheTests() => _memory = new MemoryProvider(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UseDistributedCache_ProviderRegisteredBeforeOrAfter_IsTheStore()
    {
        foreach (var isBefore in (bool[])[true, false])
        {
            var services = new ServiceCollection();
            if (isBefore)
            {
                services.AddDistributedMemoryCache();
            }

            services.AddLarder().UseDistributedCache();
            if (!isBefore)
            {
                services.AddDistributedMemoryCache();
            }

            await using var node = await StartAsync(services);
            await CacheOf(node).SetAsync("key", "value", cancellationToken: Cancel);

            Assert.NotNull(await node.GetRequiredService<IDistributedCache>().GetAsync("key", Cancel));
        }
    }

    [Fact]
    public async Task UseDistributedCache_NoProvider_StartFailsSayingWhatToRegister()
    {
        var services = new ServiceCollection();
        services.AddLarder().UseDistributedCache();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services));

        Assert.Contains("AddDistributedMemoryCache", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseDistributedCache_OnWhatLarderServes_StartFailsInsteadOfNeverEnding()
    {
        var services = new ServiceCollection();
        services.AddDistributedMemoryCache();
        services.AddLarder().UseDistributedCache().ServeDistributedCache();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services));

        Assert.Contains("ServeDistributedCache", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseDistributedCache_KeyOfAProvider_ThatOneIsTheStore()
    {
        var services = new ServiceCollection();
        services.AddDistributedMemoryCache();
        services.AddKeyedSingleton<IDistributedCache>("mine", (_, _) => _memory.Cache);
        services.AddLarder().UseDistributedCache("mine");

        await using var node = await StartAsync(services);
        await CacheOf(node).SetAsync("key", "value", cancellationToken: Cancel);

        Assert.NotNull(await _memory.Cache.GetAsync("key", Cancel));
        Assert.Null(await node.GetRequiredService<IDistributedCache>().GetAsync("key", Cancel));
    }

    [Fact]
    public async Task UseDistributedCache_KeyOfNoProvider_StartFailsNamingIt()
    {
        var services = new ServiceCollection();
        services.AddDistributedMemoryCache();
        services.AddLarder().UseDistributedCache("mine");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services));

        Assert.Contains("'mine'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseDistributedCache_KeyOfWhatLarderServes_StartFailsInsteadOfNeverEnding()
    {
        var services = new ServiceCollection();
        services.AddLarder("mine").UseDistributedCache("mine").ServeDistributedCache();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(services));

        Assert.Contains("ServeDistributedCache", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetOrCreate_OnAnotherNode_FindsIt()
    {
        await using var a = await StartNodeAsync();
        await using var b = await StartNodeAsync();
        await CacheOf(a).GetOrCreateAsync("key", _ => new ValueTask<string>("of a"), cancellationToken: Cancel);

        Assert.Equal("of a", await CacheOf(b).GetOrCreateAsync("key", _ => new ValueTask<string>("of b"), cancellationToken: Cancel));
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("set")]
    [InlineData("tag")]
    [InlineData("clear")]
    public async Task Invalidation_Done_OwnNodeAtOnceAndOthersWithinMaxStaleness(string how)
    {
        await using var a = await StartNodeAsync();
        await using var b = await StartNodeAsync();
        foreach (var node in (ServiceProvider[])[a, b])
        {
            Assert.Equal("old", await ReadAsync(node, "old"));
        }

        await (how switch
        {
            "remove" => CacheOf(a).RemoveAsync("key", Cancel),
            "set" => CacheOf(a).SetAsync("key", "new", tags: ["tag"], cancellationToken: Cancel),
            "tag" => CacheOf(a).RemoveByTagAsync("tag", Cancel),
            _ => CacheOf(a).ClearAsync(Cancel),
        });

        Assert.Equal("new", await ReadAsync(a, "new"));
        _time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.Equal("new", await ReadAsync(b, "b's"));
    }

    [Fact]
    public async Task Invalidation_WhileAnothersFactoryRuns_ItsCopyIsGoneMaxStalenessAfterTheFactoryBegan()
    {
        await using var a = await StartNodeAsync();
        var gate = new Gate();
        var loading = CacheOf(a).GetOrCreateAsync(
            "key",
            async cancellationToken =>
            {
                await gate.PassAsync(cancellationToken);
                return "old";
            },
            cancellationToken: Cancel).AsTask();
        await gate.Reached;
        _time.Advance(TimeSpan.FromSeconds(4));
        gate.Open();
        await loading;
        Assert.Equal(CacheLevel.L1, (await CacheOf(a).TryGetAsync<string>("key", Cancel)).Level);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(CacheLevel.L1, (await CacheOf(a).TryGetAsync<string>("key", Cancel)).Level);
    }

    [Fact]
    public async Task RemoveByTag_WhileAFactoryRuns_ItsValueDoesNotStay()
    {
        await using var a = await StartNodeAsync();
        var gate = new Gate();
        var loading = CacheOf(a).GetOrCreateAsync("key", async cancellationToken =>
        {
            await gate.PassAsync(cancellationToken);
            return "old";
        }, tags: ["tag"], cancellationToken: Cancel).AsTask();
        await gate.Reached;

        await CacheOf(a).RemoveByTagAsync("tag", Cancel);
        gate.Open();
        await loading;

        Assert.Equal("new", await ReadAsync(a, "new"));
    }

    [Fact]
    public async Task RemoveByTag_AfterAnotherNodesThatThisOneHasNotSeen_BothCount()
    {
        await using var a = await StartNodeAsync();
        await using var b = await StartNodeAsync();
        Assert.Equal("old", await ReadAsync(b, "old"));

        await CacheOf(a).RemoveByTagAsync("tag", Cancel);
        await CacheOf(b).RemoveByTagAsync("other", Cancel);

        _time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.Equal("new", await ReadAsync(b, "new"));
    }

    [Fact]
    public async Task RemoveByTag_AnotherNodeAsksForOtherTagsBeforeItHasSeenThat_ItCounts()
    {
        await using var a = await StartNodeAsync();
        await using var b = await StartNodeAsync();
        await CacheOf(a).SetAsync("other", "value", tags: ["another"], cancellationToken: Cancel);
        await CacheOf(a).RemoveByTagAsync("first", Cancel);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => CacheOf(b).Node.Tags.Now == CacheOf(a).Node.Tags.Now);
        Assert.Equal("old", await ReadAsync(b, "old"));

        await CacheOf(a).RemoveByTagAsync("tag", Cancel);
        Assert.True((await CacheOf(b).TryGetAsync<string>("other", Cancel)).Found);

        _time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.Equal("new", await ReadAsync(b, "new"));
    }

    [Fact]
    public async Task SlidingEntry_ReadNowAndThen_LivesOnForAllNodes()
    {
        await using var a = await StartNodeAsync();
        await using var b = await StartNodeAsync();
        var sliding = new LarderEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(2) };
        await CacheOf(a).SetAsync("key", "value", sliding, cancellationToken: Cancel);

        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1.5));
            Assert.True((await CacheOf(a).TryGetAsync<string>("key", Cancel)).Found);
        }

        Assert.True((await CacheOf(b).TryGetAsync<string>("key", Cancel)).Found);
        _time.Advance(TimeSpan.FromMinutes(2.1));
        Assert.False((await CacheOf(a).TryGetAsync<string>("key", Cancel)).Found);
    }

    [Fact]
    public async Task EveryFault_OfAProvider_IsNotTheCallers()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDistributedCache>(new ProviderFake(() => throw new InvalidOperationException("down")));
        services.AddLarder().UseDistributedCache();
        await using var node = await StartAsync(services);

        Assert.Equal("made", await ReadAsync(node, "made"));
    }

    private static LarderCache CacheOf(ServiceProvider node) => node.GetRequiredService<LarderCache>();

    private static async Task<string> ReadAsync(ServiceProvider node, string made) =>
        await CacheOf(node).GetOrCreateAsync("key", _ => new ValueTask<string>(made), tags: ["tag"], cancellationToken: Cancel);

    private Task<ServiceProvider> StartNodeAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IDistributedCache>(new ProviderFake(() => _memory.Cache));
        services.AddLarder().UseDistributedCache();
        return StartAsync(services);
    }

    private static async Task<ServiceProvider> StartAsync(ServiceCollection services)
    {
        var node = services.BuildServiceProvider();
        foreach (var service in node.GetServices<IHostedService>())
        {
            await service.StartAsync(Cancel);
        }

        return node;
    }
}
