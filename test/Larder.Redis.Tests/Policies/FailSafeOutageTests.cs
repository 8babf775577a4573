using Larder.Redis.Tests.Nodes;
using Larder.Testing.Policies;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Fail-safe while L2 is away: what L1 has may be served as long as L1 is trusted, and no longer.</summary>
public abstract class FailSafeOutageTests(ServerKind kind) : NodesOnServer(kind)
{
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(2);

    private static readonly LarderEntryOptions Options = new()
    {
        Expiration = TimeSpan.FromHours(1),
        FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1), Throttle = TimeSpan.FromMilliseconds(1) },
    };

    private readonly Origin _origin = new() { IsDown = true };
    private FaultyProxy _proxy = null!;
    private TestNode _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _proxy = new FaultyProxy(Server.Port);
        _node = new TestNode(_proxy.Configuration, options =>
        {
            options.MaxStaleness = MaxStaleness;
            options.StoreTimeout = TimeSpan.FromMilliseconds(200);
        });
        await _node.TrustsItsL1Async();
    }

    public override async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _node.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Get_ServerHangs_ExpiredValueWithinMaxStalenessAndNotAfterIt()
    {
        await StoreExpiredAsync();
        await _node.CatchUpAsync();
        var node = _node.Cache.Node;
        _proxy.Hold();

        // Where the machine has stalled for so long that trust is over, its end is all that can be seen.
        var value = await GetOrNullAsync(Options);
        Assert.True(value == "old" || !node.Trust.IsTrusted(node.Clock.Now));

        await Eventually.TrueAsync(() => !node.Trust.IsTrusted(node.Clock.Now), message: "trust is over");
        Assert.Null(await GetOrNullAsync(Options));
        Assert.Equal("default", await GetOrNullAsync(new LarderEntryOptions { FailSafe = Options.FailSafe!.WithDefault<string?>("default") }));
    }

    [Fact]
    public async Task Get_ServerIsGone_NoExpiredValueAndDefaultInItsPlace()
    {
        await StoreExpiredAsync();
        await Server.KillAsync();
        await Eventually.TrueAsync(() => !_node.Cache.Node.Trust.IsTrusted(_node.Cache.Node.Clock.Now), message: "the loss is noticed");

        Assert.Null(await GetOrNullAsync(Options));
        Assert.Equal("default", await GetOrNullAsync(new LarderEntryOptions { FailSafe = Options.FailSafe!.WithDefault<string?>("default") }));
    }

    [Fact]
    public async Task Get_RemovedWhileTheServerIsAway_ExpiredValueDoesNotComeBack()
    {
        await StoreExpiredAsync();
        _proxy.Hold();

        await _node.Cache.RemoveAsync("k", Cancel);
        Assert.Null(await GetOrNullAsync(Options));

        _proxy.Release();
        await Eventually.TrueAsync(() => _node.Cache.Node.Undelivered.Count == 0, TimeSpan.FromSeconds(30), "the removal is delivered");
        await _node.TrustsItsL1Async();
        Assert.Null(await GetOrNullAsync(Options));
    }

    [Fact]
    public async Task Get_OtherNodeRemovedWhileThisOneWasCutOff_ExpiredValueDoesNotComeBack()
    {
        await StoreExpiredAsync();
        var near = await StartNodeAsync();
        _proxy.Hold();
        await near.Cache.RemoveAsync("k", Cancel);
        await Eventually.TrueAsync(() => !_node.Cache.Node.Trust.IsTrusted(_node.Cache.Node.Clock.Now), message: "trust is over");
        Assert.Null(await GetOrNullAsync(Options));

        _proxy.Release();
        await Eventually.TrueAsync(
            () => _node.Cache.Node.Trust.IsTrusted(_node.Cache.Node.Clock.Now), TimeSpan.FromSeconds(30), "the node is connected again");
        Assert.Null(await GetOrNullAsync(Options));
    }

    [Fact]
    public async Task TryGet_ServerHangs_ExpiredValueWithinMaxStalenessAndNotAfterIt()
    {
        await StoreExpiredAsync();
        await _node.CatchUpAsync();
        var node = _node.Cache.Node;
        _proxy.Hold();

        var found = await TryGetExpiredAsync();
        Assert.True(found is { IsExpired: true, Value: "old", Level: CacheLevel.L1 } || !node.Trust.IsTrusted(node.Clock.Now));

        await Eventually.TrueAsync(() => !node.Trust.IsTrusted(node.Clock.Now), message: "trust is over");
        Assert.False((await TryGetExpiredAsync()).Found);
    }

    [Fact]
    public async Task TryGet_RemovedWhileTheServerIsAway_ExpiredValueIsNotFound()
    {
        await StoreExpiredAsync();
        _proxy.Hold();

        await _node.Cache.RemoveAsync("k", Cancel);

        Assert.False((await TryGetExpiredAsync()).Found);
    }

    private ValueTask<CacheResult<string>> TryGetExpiredAsync() => _node.Cache.TryGetAsync<string>("k", new LarderEntryOptions { ReadExpired = true }, Cancel);

    private async Task StoreExpiredAsync()
    {
        await _node.Cache.SetAsync("k", "old", Options, cancellationToken: Cancel);
        await _node.Cache.ExpireAsync("k", Cancel);
        Assert.Equal("old", await GetOrNullAsync(Options));
    }

    /// <summary>What a caller gets whose origin is down; <see langword="null"/> for its exception.</summary>
    private async Task<string?> GetOrNullAsync(LarderEntryOptions options)
    {
        try
        {
            return await _node.Cache.GetOrCreateAsync("k", _origin, static (origin, token) => origin.CallAsync(token), options, cancellationToken: Cancel);
        }
        catch (OriginDownException)
        {
            return null;
        }
    }
}

/// <summary>On redis-server.</summary>
public sealed class FailSafeOutageTestsOnRedis() : FailSafeOutageTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class FailSafeOutageTestsOnGarnet() : FailSafeOutageTests(ServerKind.Garnet);
