using Larder.Inspection;
using Larder.Redis.Tests.Nodes;
using Larder.Stores;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Inspection;

/// <summary>Listing the keys of L2, in bounded steps and without a trace.</summary>
public abstract class KeysTests(ServerKind kind) : NodesOnServer(kind)
{
    private Node _node = null!;
    private ConnectionMultiplexer _connection = null!;

    private IDatabase Database => _connection.GetDatabase();

    private CacheInspector Inspector => _node.Cache.Inspector;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _node = await Node.StartPatientAsync(Server.Configuration);
        _connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _connection.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Keys_ManyPages_FindAllOfThem()
    {
        await SetAsync(Enumerable.Range(0, 3000).Select(i => $"user:{i}"));

        var (rows, pages) = await AllAsync(new KeyQuery { Limit = 200 });

        Assert.Equal(3000, rows.Select(row => row.Key).Distinct().Count());
        Assert.True(pages > 3, $"{pages} pages");
    }

    [Fact]
    public async Task Keys_FewMatch_ThePageEndsAtItsBudgetAndSaysHowFarItCame()
    {
        await SetAsync(Enumerable.Range(0, 3000).Select(i => $"user:{i}"));

        var page = await Inspector.KeysAsync(new KeyQuery { Pattern = KeyPattern.Parse("nobody*"), Budget = 500 }, default);

        Assert.Empty(page.Rows);
        Assert.NotNull(page.Cursor);
        Assert.InRange(page.Examined, 500, 1000);
        Assert.InRange(page.Total!.Value, 3000, 3010);
    }

    [Theory]
    [InlineData("a[1]", "a[1]*")]
    [InlineData("a*b", "*b")]
    [InlineData(@"a\b", @"a\*")]
    [InlineData("a?b:c", "a?b:?")]
    [InlineData("a^b", "a^*")]
    public async Task Keys_SpecialCharacters_StandForThemselves(string key, string pattern)
    {
        await SetAsync([key, "a1", "axbx"]);

        var (rows, _) = await AllAsync(new KeyQuery { Pattern = KeyPattern.Parse(pattern) });

        Assert.Equal([key], rows.Select(row => row.Key));
    }

    [Fact]
    public async Task Keys_ByTag_FindsThoseThatHaveIt()
    {
        await SetAsync(["a", "b"], "red");
        await SetAsync(["c"], "blue");

        var (rows, _) = await AllAsync(new KeyQuery { Tag = "red" });

        Assert.Equal(["a", "b"], rows.Select(row => row.Key).Order());
        Assert.Equal(2, (await Inspector.CountTaggedAsync("red", null, 10_000, default)).Entries);
    }

    [Fact]
    public async Task Keys_States_AreThoseThatAReaderWouldFind()
    {
        var kept = new LarderEntryOptions { FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) } };
        await _node.Cache.SetAsync("killed", "v", tags: ["t"]);
        await _node.Cache.SetAsync("stale", "v", kept);
        await _node.Cache.ExpireAsync("stale");
        await _node.Cache.RemoveByTagAsync("t");
        await _node.Cache.SetAsync("fresh", "v", tags: ["t"]);
        await Database.HashSetAsync("foreign", [new("absexp", -1), new("sldexp", -1), new("data", "x")]);
        await Database.StringSetAsync("text", "x");
        await _node.Cache.SetAsync("damaged", "v");
        await Database.HashSetAsync("damaged", "ver", "1:x:1");

        var (rows, _) = await AllAsync(new KeyQuery());

        Assert.Equal(
            [
                ("damaged", KeyState.Unreadable), ("foreign", KeyState.Foreign), ("fresh", KeyState.Fresh), ("killed", KeyState.Killed),
                ("stale", KeyState.Stale), ("text", KeyState.Unreadable),
            ],
            rows.Select(row => (row.Key, row.State)).Order());
        Assert.Equal("t", rows.Single(row => row.Key == "killed").KilledBy);
    }

    [Fact]
    public async Task Keys_ALeaseOfAMissingEntry_IsNoEntry()
    {
        var factory = new Gate();
        var loading = _node.Cache.GetOrCreateAsync("loading", factory, static async (gate, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            return "v";
        }).AsTask();
        await factory.Reached;

        var (rows, _) = await AllAsync(new KeyQuery());

        factory.Open();
        await loading;
        Assert.Empty(rows);
    }

    [Fact]
    public async Task Keys_TheServerIsGone_IsAnErrorAndNoEnd()
    {
        await SetAsync(Enumerable.Range(0, 500).Select(i => $"user:{i}"));
        var page = await Inspector.KeysAsync(new KeyQuery { Limit = 100 }, default);
        await Server.KillAsync();

        var failure = await Record.ExceptionAsync(async () => await Inspector.KeysAsync(new KeyQuery { Cursor = page.Cursor }, default));
        Assert.True(failure is StoreUnavailableException or TimeoutException, $"{failure}");
    }

    [Fact]
    public async Task Keys_OfAnotherCacheOnTheServer_AreNotListed()
    {
        await using var other = await Node.StartPatientAsync(Server.Configuration, options => options.KeyPrefix = "other[1]:");
        await SetAsync(["mine"]);
        await other.Cache.SetAsync("theirs", "v");

        var page = await other.Cache.Inspector.KeysAsync(new KeyQuery(), default);

        Assert.Equal(["theirs"], page.Rows.Select(row => row.Key));
    }

    [Fact]
    public async Task Keys_SlidingEntry_IsNotKeptAliveByIt()
    {
        await _node.Cache.SetAsync("k", "v", new LarderEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(10), Expiration = TimeSpan.FromHours(1) });
        await Database.KeyExpireAsync("k", TimeSpan.FromMinutes(5));

        var row = Assert.Single((await AllAsync(new KeyQuery())).Rows);

        Assert.InRange((await Database.KeyTimeToLiveAsync("k"))!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(10), row.SlidingExpiration);
    }

    [Fact]
    public async Task Tree_Prefixes_AreCountedUpToTheNextColon()
    {
        await SetAsync(["user:1", "user:2:name", "user:2:mail", "order:1", "plain"]);

        var root = await Inspector.TreeAsync("", null, 10_000, default);
        var users = await Inspector.TreeAsync("user:", null, 10_000, default);

        Assert.Equal([("order:", 1L), ("user:", 3L), ("plain", 1L)], root.Branches.Select(branch => (branch.Prefix, branch.Keys)));
        Assert.Equal([("user:2:", 2L, false), ("user:1", 1L, true)], users.Branches.Select(branch => (branch.Prefix, branch.Keys, branch.IsKey)));
    }

    [Fact]
    public async Task Keys_ForeignCursor_IsAnError() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Inspector.KeysAsync(new KeyQuery { Cursor = "x; FLUSHALL" }, default));

    [Fact]
    public async Task Value_OfL2_IsThePayloadUnpacked()
    {
        await using var node = await Node.StartAsync(builder => builder.Services.AddLarder(options => options.KeyPrefix = "p:")
            .UseRedis(Server.Configuration).UseEncryption(options => (options.Keys["k1"], options.CurrentKey) = (Convert.ToBase64String(new byte[32]), "k1")));
        await node.Cache.SetAsync("k", new[] { 1, 2, 3 });

        var value = (await node.Cache.Inspector.ValueAsync("k", 1000, default))!;

        Assert.Equal((CacheLevel.L2, ValueKind.Json), (value.Level, value.Kind));
        Assert.Equal("[1,2,3]"u8.ToArray(), value.Payload!.Value.ToArray());
        Assert.True(value.Bytes > 7, "encrypted");
    }

    [Fact]
    public async Task Value_LargerThanWanted_IsNotRead()
    {
        await _node.Cache.SetAsync("k", new byte[5000]);

        var value = (await Inspector.ValueAsync("k", 4000, default))!;

        Assert.Null(value.Payload);
        Assert.Equal(5000, value.Bytes);
        Assert.Contains("5000 bytes", value.Problem, StringComparison.Ordinal);
    }

    private async Task SetAsync(IEnumerable<string> keys, params string[] tags) =>
        await _node.Cache.SetManyAsync(keys.Select(key => KeyValuePair.Create(key, "v")), tags: tags);

    private async Task<(List<KeyRow> Rows, int Pages)> AllAsync(KeyQuery query)
    {
        var rows = new List<KeyRow>();
        var pages = 0;
        do
        {
            var page = await Inspector.KeysAsync(query, default);
            rows.AddRange(page.Rows);
            query = query with { Cursor = page.Cursor };
            pages++;
        }
        while (query.Cursor is not null);
        return (rows, pages);
    }
}

/// <inheritdoc cref="KeysTests"/>
public sealed class KeysTestsOnRedis() : KeysTests(ServerKind.Redis);

/// <inheritdoc cref="KeysTests"/>
public sealed class KeysTestsOnGarnet() : KeysTests(ServerKind.Garnet);
