using Larder.Redis.Tests.Nodes;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Redis.Tests.Policies;

/// <summary>Options that a function chooses by the key, in L2 and on the node that has no such function.</summary>
public abstract class OptionsByKeyTests(ServerKind kind) : NodesOnServer(kind)
{
    private static readonly LarderEntryOptions Brief = new() { Expiration = TimeSpan.FromMinutes(1) };
    private static readonly LarderEntryOptions Local = new() { Flags = HybridCacheEntryFlags.DisableDistributedCache };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestNode A { get; set; } = null!;

    private TestNode B { get; set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        A = await StartNodeAsync(static options => options.EntryOptionsFor = static key => key.Split(':') switch
        {
            ["brief", ..] => Brief,
            ["local", ..] => Local,
            _ => null,
        });
        B = await StartNodeAsync();
    }

    [Fact]
    public async Task GetOrCreate_KeysWithOptions_AreInL2AsTheySay()
    {
        await A.GetAsync("k", "made");
        await A.GetAsync("brief:1", "made");
        await A.GetAsync("local:1", "made");

        await AssertInL2Async();
        Assert.Equal(CacheLevel.L1, (await A.Cache.TryGetAsync<string>("local:1", Cancel)).Level);
    }

    [Fact]
    public async Task GetOrCreateMany_KeysWithOptions_AreInL2AsTheySay()
    {
        await A.Cache.GetOrCreateManyAsync(
            ["k", "brief:1", "local:1"],
            static (missing, _) => ValueTask.FromResult(missing.ToDictionary(static key => key, static _ => "made")),
            cancellationToken: Cancel);

        await AssertInL2Async();
    }

    [Fact]
    public async Task SetMany_KeysWithOptions_OneRoundTripAndEachIsWhereItsOptionsSay()
    {
        var before = A.Store.RoundTrips;

        await A.Cache.SetManyAsync(
            [KeyValuePair.Create("k", "set"), KeyValuePair.Create("brief:1", "set"), KeyValuePair.Create("local:1", "set")], cancellationToken: Cancel);

        Assert.InRange(A.Store.RoundTrips - before, 0, 1);
        await AssertInL2Async();
        Assert.Equal("set", (await A.Cache.TryGetAsync<string>("local:1", Cancel)).Value);
    }

    [Fact]
    public async Task GetMany_KeysWithOptions_OneReadForAll()
    {
        await B.Cache.SetManyAsync([KeyValuePair.Create("k", "set"), KeyValuePair.Create("brief:1", "set"), KeyValuePair.Create("local:1", "set")], cancellationToken: Cancel);
        await A.CatchUpAsync();
        var before = A.Store.RoundTrips;

        var found = await A.Cache.GetManyAsync<string>(["k", "brief:1", "local:1"], Cancel);

        Assert.Equal(["brief:1", "k"], found.Keys.Order());
        Assert.InRange(A.Store.RoundTrips - before, 1, 2); // the tag clock, where it is not known
    }

    private async Task AssertInL2Async()
    {
        var (usual, brief) = (await B.Cache.TryGetAsync<string>("k", Cancel), await B.Cache.TryGetAsync<string>("brief:1", Cancel));
        Assert.InRange(usual.ExpiresIn!.Value, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5.5)); // the server's clock is known to within a round trip
        Assert.InRange(brief.ExpiresIn!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1.5));
        Assert.False((await B.Cache.TryGetAsync<string>("local:1", Cancel)).Found);
    }
}

/// <summary>On redis-server.</summary>
public sealed class OptionsByKeyTestsOnRedis() : OptionsByKeyTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class OptionsByKeyTestsOnGarnet() : OptionsByKeyTests(ServerKind.Garnet);
