using Larder.Redis.Tests.Nodes;
using Larder.Stores;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Redis.Tests.Inspection;

/// <summary>Keys by their prefix, for code, on two nodes.</summary>
public abstract class PrefixTests(ServerKind kind) : TwoNodesOnServer(kind)
{
    // Ten thousand keys are much for a busy machine, and the client library's own time-out is 5 s: so they go in small scripts, too.
    protected override string Configuration => Server.Configuration + ",asyncTimeout=20000";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RemoveByPrefix_TenThousandKeys_AreGoneOnBothNodesAndOthersAreNot()
    {
        string[] users = [.. Enumerable.Range(0, 10_000).Select(static i => $"user:{i}")];
        await SetAsync(A, users);
        await SetAsync(A, ["order:1", "user"]);
        await B.CatchUpAsync();
        Assert.Equal(["v", "v", "v"], [await B.PeekAsync("user:1"), await B.PeekAsync("order:1"), await B.PeekAsync("user")]);
        Assert.Equal(users.Order(), (await ListAsync(B, "user:")).Order());

        Assert.Equal(10_000, await A.Cache.RemoveByPrefixAsync("user:", Cancel));

        await B.CatchUpAsync();
        Assert.Null(await A.PeekAsync("user:1"));
        Assert.Null(await B.PeekAsync("user:1"));
        Assert.Equal("v", await B.PeekAsync("order:1"));
        Assert.Equal(["order:1", "user"], (await ListAsync(B, "")).Order());
    }

    [Theory]
    [InlineData("a*")]
    [InlineData("a[1]")]
    [InlineData(@"a\")]
    [InlineData("a?b")]
    [InlineData("a^")]
    [InlineData("ä:€")]
    public async Task Prefix_SpecialCharacters_StandForThemselves(string prefix)
    {
        await SetAsync(A, [prefix + ":1", "a1:1", "axb:1", "A*:1"]);

        Assert.Equal([prefix + ":1"], await ListAsync(B, prefix));
        Assert.Equal(1, await A.Cache.RemoveByPrefixAsync(prefix, Cancel));
        Assert.Equal(["A*:1", "a1:1", "axb:1"], (await ListAsync(B, "")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Prefix_TwoCachesOnOneServer_EachHasItsOwnKeys()
    {
        var star = await StartNodeAsync(static options => options.KeyPrefix = "p*:");
        var one = await StartNodeAsync(static options => options.KeyPrefix = "p1:");
        await SetAsync(star, ["k:1", "k:2"]);
        await SetAsync(one, ["k:1", "k:3"]);

        Assert.Equal(["k:1", "k:2"], (await ListAsync(star, "k:")).Order());
        Assert.Equal(2, await star.Cache.RemoveByPrefixAsync("k:", Cancel));
        Assert.Equal(["k:1", "k:3"], (await ListAsync(one, "")).Order());
    }

    [Theory]
    [InlineData("l")]
    [InlineData("larder:")]
    public async Task RemoveByPrefix_OfTheCachesOwnRecords_LeavesThem(string prefix)
    {
        await A.Cache.RemoveByTagAsync("t", Cancel);
        await SetAsync(A, ["k"]);

        Assert.Equal(0, await A.Cache.RemoveByPrefixAsync(prefix, Cancel));

        Assert.Equal(["k"], await ListAsync(A, ""));
        Assert.Equal("v", await B.PeekStoreAsync("k"));
    }

    [Fact]
    public async Task RemoveByPrefix_EntriesOfThisNodesL1Alone_AreRemovedToo()
    {
        var localOnly = new LarderEntryOptions { Flags = HybridCacheEntryFlags.DisableDistributedCacheWrite };
        await Eventually.TrueAsync(async () =>
        {
            await A.Cache.SetAsync("user:1", "v", localOnly, cancellationToken: Cancel);
            return (await A.Cache.TryGetAsync<string>("user:1", Cancel)).Found;
        });

        Assert.Empty(await ListAsync(A, ""));
        Assert.Equal(1, await A.Cache.RemoveByPrefixAsync("user:", Cancel));

        Assert.Null(await A.PeekAsync("user:1"));
    }

    [Fact]
    public async Task ListKeys_WhatNoReaderWouldFind_IsNotListed()
    {
        var factory = new Gate();
        await A.Cache.SetAsync("killed", "v", tags: ["t"], cancellationToken: Cancel);
        await SetAsync(A, ["k"]);
        await A.Cache.RemoveByTagAsync("t", Cancel);
        var loading = A.GetSlowlyAsync("loading", "v", factory);
        await factory.Reached;

        Assert.Equal(["k"], await ListAsync(B, ""));
        factory.Open();
        await loading;
        Assert.Equal(["k", "loading"], (await ListAsync(B, "")).Order());
    }

    [Fact]
    public async Task RemoveByPrefix_OtherNodeClearsInItsMiddle_NothingOfBeforeIsReadAndWhatCameAfterStays()
    {
        await SetAsync(A, Enumerable.Range(0, 5000).Select(static i => $"user:{i}"));
        await SetAsync(B, ["order:1"]);
        var gate = A.Store.BetweenScans = new Gate();
        var removal = A.Cache.RemoveByPrefixAsync("user:", Cancel).AsTask();
        await gate.Reached;

        await B.Cache.ClearAsync(Cancel);
        await SetAsync(B, ["order:2"]);
        gate.Open();

        Assert.InRange(await removal, 1, 4999);
        await A.CatchUpAsync();
        Assert.Equal(["order:2"], await ListAsync(A, ""));
        Assert.Null(await A.PeekAsync("order:1"));
        Assert.Null(await A.PeekAsync("user:4999"));
    }

    [Fact]
    public async Task RemoveByPrefix_CancelledBetweenTwoSteps_EndsThere()
    {
        await SetAsync(A, Enumerable.Range(0, 5000).Select(static i => $"user:{i}"));
        var gate = A.Store.BetweenScans = new Gate();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var removal = A.Cache.RemoveByPrefixAsync("user:", source.Token).AsTask();
        await gate.Reached;

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removal);
        A.Store.BetweenScans = null;
        Assert.InRange((await ListAsync(B, "user:")).Count, 1, 4999);
    }

    [Fact]
    public async Task RemoveByPrefix_InvalidationsGoOnInTheBackground_WaitsAllTheSame()
    {
        var node = await StartNodeAsync(static options => options.DefaultEntryOptions = new() { InvalidateInBackground = true });
        await SetAsync(B, ["user:1"]);
        var gate = node.Store.BeforeChange = new Gate();

        var removal = node.Cache.RemoveByPrefixAsync("user:", Cancel).AsTask();
        await gate.Reached;

        Assert.False(removal.IsCompleted);
        gate.Open();
        Assert.Equal(1, await removal);
    }

    [Fact]
    public async Task Prefix_TheServerIsGone_IsAnErrorAndNoEnd()
    {
        await SetAsync(A, ["user:1"]);
        await Server.KillAsync();

        foreach (var failure in (Exception?[])[
            await Record.ExceptionAsync(() => ListAsync(A, "user:")),
            await Record.ExceptionAsync(async () => await A.Cache.RemoveByPrefixAsync("user:", Cancel))])
        {
            Assert.True(failure is StoreUnavailableException or TimeoutException, $"{failure}");
        }
    }

    [Fact]
    public async Task RemoveByPrefix_EmptyPrefix_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(async () => await A.Cache.RemoveByPrefixAsync("", Cancel));

        Assert.Contains("ClearAsync", failure.Message, StringComparison.Ordinal);
    }

    private static async Task SetAsync(TestNode node, IEnumerable<string> keys)
    {
        Exception? fault = null;
        using var faults = node.Cache.Events.Subscribe(happened => fault ??= happened.Kind == LarderEventKind.Undelivered ? happened.Fault : null);
        foreach (var some in keys.Chunk(100))
        {
            await node.Cache.SetManyAsync(some.Select(static key => KeyValuePair.Create(key, "v")), cancellationToken: Cancel);
            Assert.True(node.Cache.Node.Undelivered.Count == 0, $"Not delivered: {fault}");
        }
    }

    private static async Task<List<string>> ListAsync(TestNode node, string prefix)
    {
        var keys = new HashSet<string>();
        await foreach (var key in node.Cache.ListKeysAsync(prefix, Cancel))
        {
            keys.Add(key);
        }

        return [.. keys];
    }
}

/// <summary>On redis-server.</summary>
public sealed class PrefixTestsOnRedis() : PrefixTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class PrefixTestsOnGarnet() : PrefixTests(ServerKind.Garnet);
