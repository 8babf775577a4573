using Larder.Redis.Tests.Nodes;
using Xunit;

namespace Larder.Redis.Tests.Inspection;

/// <summary>Keys by a pattern, for code, on two nodes.</summary>
public abstract class PatternTests(ServerKind kind) : TwoNodesOnServer(kind)
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 2000).Select(static i => $"user:{i}:name")];
    private static readonly string[] Mails = [.. Enumerable.Range(0, 2000).Select(static i => $"user:{i}:mail")];

    protected override string Configuration => Server.Configuration + ",asyncTimeout=20000";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ByPattern_ManyKeys_AreListedCountedAndReadOnOneNodeAndRemovedOnBoth()
    {
        await SetAsync(A, [.. Names, .. Mails, "user:name", "order:1:name"]);
        await B.CatchUpAsync();

        Assert.Equal(Names.Order(), await ListAsync(B, "user:*:name"));
        Assert.Equal(2000, await B.Cache.ListKeysByPatternAsync("user:*:name", Cancel).Distinct().CountAsync(Cancel));
        Assert.Equal(4001, await B.Cache.ListKeysAsync("user:", Cancel).Distinct().CountAsync(Cancel));
        var read = new Dictionary<string, string>();
        await foreach (var keys in B.Cache.ListKeysByPatternAsync("user:*:name", Cancel).Chunk(100))
        {
            foreach (var (key, value) in await B.Cache.GetManyAsync<string>(keys, Cancel))
            {
                read[key] = value;
            }
        }

        Assert.Equal(2000, read.Count);
        Assert.Equal("v", await B.PeekAsync("user:1:name"));

        Assert.Equal(2000, await A.Cache.RemoveByPatternAsync("user:*:name", Cancel));

        await B.CatchUpAsync();
        Assert.Null(await A.PeekAsync("user:1:name"));
        Assert.Empty(await B.Cache.GetManyAsync<string>(Names, Cancel));
        Assert.Equal(Mails.Append("user:name").Order(), await ListAsync(B, "user*"));
        Assert.Equal("v", await B.PeekAsync("order:1:name"));
    }

    [Theory]
    [InlineData("a*", "A*:1", "axb:1", "a1:1", "a:1")]
    [InlineData("*:1", "a1:2")]
    [InlineData("a?b:*", "a1:1", "a:1", "a1:2")]
    [InlineData("a[1]*", "a1:1")]
    [InlineData(@"*a\:1", "a:1")]
    [InlineData(@"a\*", "a:1")]
    [InlineData("a^*1", "a1:1")]
    [InlineData("ä:?", "a:1")]
    [InlineData("axb:1", "a1:1")]
    public async Task Pattern_CharactersButTheTwo_StandForThemselves(string pattern, params string[] candidates)
    {
        // The matcher's own tests say what matches; here the server's part of the search must leave nothing out.
        string[] all = [.. candidates, "axb:1", "a[1]:1", @"xa\:1", @"a\:1", "a^:1", "ä:€"];
        string[] wanted = [.. all.Distinct().Where(Larder.Inspection.KeyPattern.Parse(pattern).Matches).Order()];
        Assert.NotEmpty(wanted);
        await SetAsync(A, all);

        Assert.Equal(wanted, await ListAsync(B, pattern));
        Assert.Equal(wanted.Length, await A.Cache.RemoveByPatternAsync(pattern, Cancel));
        Assert.Equal(all.Distinct().Except(wanted).Order(), await ListAsync(B, "*"));
    }

    [Fact]
    public async Task Pattern_TwoCachesOnOneServer_EachHasItsOwnKeys()
    {
        var star = await StartNodeAsync(static options => options.KeyPrefix = "p*:");
        var one = await StartNodeAsync(static options => options.KeyPrefix = "p1:");
        await SetAsync(star, ["k:1", "k:2"]);
        await SetAsync(one, ["k:1", "k:3"]);

        Assert.Equal(["k:1", "k:2"], await ListAsync(star, "k:?"));
        Assert.Equal(2, await star.Cache.RemoveByPatternAsync("k:?", Cancel));
        Assert.Equal(["k:1", "k:3"], await ListAsync(one, "k*"));
    }

    [Fact]
    public async Task RemoveByPattern_OtherNodeReadsAndRemovesInItsMiddle_NoNodeHasWhatMatches()
    {
        await SetAsync(A, [.. Names, .. Mails]);
        var gate = A.Store.BetweenScans = new Gate();
        var removal = A.Cache.RemoveByPatternAsync("user:*:name", Cancel).AsTask();
        await gate.Reached;

        await B.Cache.RemoveAsync(Names.Take(100), Cancel);
        Assert.NotEmpty(await B.Cache.GetManyAsync<string>(Names, Cancel));
        gate.Open();

        Assert.InRange(await removal, 1900, 2000);
        await B.CatchUpAsync();
        Assert.Empty(await A.Cache.GetManyAsync<string>(Names, Cancel));
        Assert.Empty(await B.Cache.GetManyAsync<string>(Names, Cancel));
        Assert.Equal(Mails.Order(), await ListAsync(B, "user:*"));
    }

    [Fact]
    public async Task RemoveByPattern_FactoryOnOtherNodeRunsMeanwhile_ItsValueStaysAndIsFoundByTheNext()
    {
        var factory = new Gate();
        await SetAsync(A, ["user:1:name"]);
        var loading = B.GetSlowlyAsync("user:2:name", "v", factory);
        await factory.Reached;

        Assert.Equal(1, await A.Cache.RemoveByPatternAsync("user:*", Cancel));
        factory.Open();
        await loading;

        Assert.Equal("v", await A.PeekAsync("user:2:name"));
        Assert.Equal(1, await A.Cache.RemoveByPatternAsync("user:*", Cancel));
        await B.CatchUpAsync();
        Assert.Null(await B.PeekAsync("user:2:name"));
    }

    [Fact]
    public async Task RemoveByPattern_OneKey_IsNotScannedFor()
    {
        await SetAsync(A, [.. Names]);
        var gate = A.Store.BetweenScans = new Gate();

        var removal = A.Cache.RemoveByPatternAsync("user:1:name", Cancel).AsTask();

        Assert.Same(removal, await Task.WhenAny(removal, gate.Reached));
        Assert.Equal(1, await removal);
        Assert.Null(await B.PeekAsync("user:1:name"));
    }

    [Theory]
    [InlineData("larder:*")]
    [InlineData("larder:tags")]
    [InlineData("l*")]
    public async Task RemoveByPattern_OfTheCachesOwnRecords_LeavesThem(string pattern)
    {
        await A.Cache.RemoveByTagAsync("t", Cancel);
        await SetAsync(A, ["k"]);

        Assert.Equal(0, await A.Cache.RemoveByPatternAsync(pattern, Cancel));

        Assert.Equal("v", await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task Scan_PrefixThatNoKeyHas_IsAsShortAStepAsAnyOther()
    {
        await SetAsync(A, [.. Names]);

        var step = await A.Store.ScanAsync("nobody", null, 500, Cancel);

        Assert.NotNull(step.Cursor);
        Assert.InRange(step.Examined, 500, 1000);
    }

    private protected static async Task SetAsync(TestNode node, string[] keys)
    {
        foreach (var some in keys.Chunk(100))
        {
            await node.Cache.SetManyAsync(some.Select(static key => KeyValuePair.Create(key, "v")), cancellationToken: Cancel);
            Assert.Equal(0, node.Cache.Node.Undelivered.Count);
        }
    }

    private static async Task<string[]> ListAsync(TestNode node, string pattern) =>
        await node.Cache.ListKeysByPatternAsync(pattern, Cancel).Distinct().Order().ToArrayAsync(Cancel);
}

/// <summary>On redis-server.</summary>
public sealed class PatternTestsOnRedis() : PatternTests(ServerKind.Redis)
{
    [Theory]
    [InlineData("user:", 100)]
    [InlineData("u*", 0)]
    [InlineData("[u]", 0)]
    public async Task Scan_Prefix_ServerLeavesOutWhatDoesNotBeginSo(string prefix, int count)
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(static i => $"user:{i}"), .. Enumerable.Range(0, 100).Select(static i => $"order:{i}")];
        await SetAsync(A, keys);

        var step = await A.Store.ScanAsync(prefix, null, 1000, TestContext.Current.CancellationToken);

        Assert.Equal(count, step.Keys.Count);
        Assert.Null(step.Cursor);
    }
}

/// <summary>On the embedded Garnet.</summary>
public sealed class PatternTestsOnGarnet() : PatternTests(ServerKind.Garnet);
