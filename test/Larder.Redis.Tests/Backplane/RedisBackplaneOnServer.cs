using Larder.Testing.Policies;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests.Backplane;

/// <summary>Two nodes whose entries lie in a provider that tells nobody of changes, with messages through a real server.</summary>
public abstract class RedisBackplaneOnServer(ServerKind kind) : IAsyncLifetime
{
    private const string Key = "key";

    private readonly MemoryDistributedCache _provider = new(Microsoft.Extensions.Options.Options.Create(new MemoryDistributedCacheOptions()));
    private ITestServer _server = null!;
    private Node _a = null!;
    private Node _b = null!;

    public static TheoryData<Invalidation> Invalidations => [.. Enum.GetValues<Invalidation>()];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(kind);
        _a = await StartNodeAsync();
        _b = await StartNodeAsync();
        await HearAsync(_a, _b);
        await HearAsync(_b, _a);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidation_OnOneNode_OtherNodeObeysThoughMaxStalenessIsLong(Invalidation invalidation)
    {
        Assert.Equal("old", await LoadAsync(_a, "old"));
        Assert.Equal(CacheLevel.L1, (await _a.Cache.TryGetAsync<string>(Key, Cancel)).Level);

        await _b.Cache.InvalidateAsync(invalidation, Key);

        await Eventually.TrueAsync(async () => (await _a.Cache.TryGetAsync<string>(Key, Cancel)).Value == invalidation.Leaves());
    }

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidation_WhileAnotherNodesFactoryRuns_ItsValueIsKeptNowhere(Invalidation invalidation)
    {
        var gate = new Gate();
        var loading = LoadAsync(_a, "old", gate);
        await gate.Reached;

        await _b.Cache.InvalidateAsync(invalidation, Key);
        await HearAsync(_a, _b); // messages of one node come in their order here
        gate.Open();

        Assert.Equal("old", await loading);
        Assert.Equal(invalidation.Leaves(), (await _a.Cache.TryGetAsync<string>(Key, Cancel)).Value);
        Assert.Equal(invalidation.Leaves(), (await _b.Cache.TryGetAsync<string>(Key, Cancel)).Value);
    }

    [Fact]
    public async Task Server_Dies_CallsGoOnAndMessagesComeAgainWhenItIsBack()
    {
        await _server.KillAsync();
        await _b.Cache.SetAsync(Key, "value", cancellationToken: Cancel);
        await _b.Cache.RemoveByTagAsync("tag", Cancel);
        await _b.Cache.RemoveAsync(Key, Cancel);
        Assert.Equal(0, _b.Cache.Node.Undelivered.Count);

        await _server.RestartAsync();

        await HearAsync(_a, _b);
    }

    // Until a message of the one has reached the other.
    private static async Task HearAsync(Node listener, Node speaker)
    {
        var key = $"heard {Guid.NewGuid():N}";

        // A message that comes at this moment may concern the key's fence too, and L1 then does without it.
        await Eventually.TrueAsync(async () =>
        {
            await listener.Cache.SetAsync(key, "value", cancellationToken: Cancel);
            return listener.Cache.Node.Local.Local.TryPeek(key, out _);
        });
        await Eventually.TrueAsync(
            async () =>
            {
                await speaker.Cache.RemoveAsync(key, Cancel);
                return !listener.Cache.Node.Local.Local.TryPeek(key, out _);
            },
            TimeSpan.FromSeconds(30));
    }

    private static Task<string> LoadAsync(Node node, string value, Gate? gate = null) => node.Cache.GetOrCreateAsync(
        Key,
        async cancellationToken =>
        {
            await (gate?.PassAsync(cancellationToken) ?? Task.CompletedTask);
            return value;
        },
        tags: [InvalidationKinds.Tag],
        cancellationToken: Cancel).AsTask();

    private Task<Node> StartNodeAsync() => Node.StartAsync(builder =>
    {
        builder.Services.AddSingleton<IDistributedCache>(_provider);
        builder.Services.AddLarder(options => options.MaxStaleness = TimeSpan.FromHours(1))
            .UseDistributedCache().UseRedisBackplane(_server.Configuration);
    });
}

/// <summary>Through <c>redis-server</c>.</summary>
public sealed class RedisBackplaneOnRedis() : RedisBackplaneOnServer(ServerKind.Redis);

/// <summary>Through embedded Garnet.</summary>
public sealed class RedisBackplaneOnGarnet() : RedisBackplaneOnServer(ServerKind.Garnet);

/// <summary>How a Redis backplane is set up.</summary>
public sealed class UseRedisBackplaneTests
{
    [Theory]
    [InlineData("")]
    [InlineData("password=secret")]
    public void UseRedisBackplane_NoServer_SaysSoWithoutTheText(string configuration)
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddLarder().UseRedisBackplane(configuration));

        Assert.Equal("configuration", fault.ParamName);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseRedisBackplane_EntriesOnRedisAsWell_StartFailsAndSaysSo()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Node.StartAsync(builder =>
            builder.Services.AddLarder().UseRedis("localhost:1").UseRedisBackplane("localhost:1")));

        Assert.Contains("UseBackplane", fault.Message, StringComparison.Ordinal);
    }
}
