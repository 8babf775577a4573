using Larder.Redis.Tests.Nodes;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Races;

/// <summary>The races of messages: lost, late, sent by a node whose clock is wrong. A and B are two app servers on one real server.</summary>
public abstract class FeedRaceTests(ServerKind kind) : NodesOnServer(kind)
{
    private ConnectionMultiplexer _connection = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync($"{Server.Configuration},allowAdmin=true");
    }

    public override async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R10_SubscriptionDropsWhileOtherNodeInvalidates_OldCopyIsOutWhenItIsBack(bool byTag)
    {
        var (a, b) = (await StartNodeAsync(), await StartNodeAsync());
        await a.HoldsInL1Async("k", "old", "t");
        var epoch = a.Cache.Node.Trust.Epoch;

        await _connection.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
        await (byTag ? b.Cache.RemoveByTagAsync("t") : b.Cache.RemoveAsync("k"));

        await Eventually.TrueAsync(() => a.Cache.Node.Trust.Epoch != epoch, message: "the loss is noticed");
        Assert.Null(await a.PeekAsync("k"));
        await a.TrustsItsL1Async();
        Assert.Null(await a.PeekAsync("k"));
        Assert.Equal("new", await a.GetAsync("k", "new"));
    }

    [Fact]
    public async Task SubscriptionEndsOnAConnectionThatStands_OtherNodeInvalidates_NodeSubscribesAnewAndOldCopyIsOut()
    {
        var b = await StartNodeAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
        await using var a = new TestNode(
            new LarderRedisOptions { ConnectionMultiplexerFactory = (_, _) => Task.FromResult<IConnectionMultiplexer>(connection) },
            options => options.MaxStaleness = TimeSpan.FromSeconds(2));
        await a.TrustsItsL1Async();
        await a.HoldsInL1Async("k", "old");
        var epoch = a.Cache.Node.Trust.Epoch;

        await connection.GetSubscriber().UnsubscribeAllAsync();
        await b.Cache.RemoveAsync("k");

        await Eventually.TrueAsync(() => a.Cache.Node.Trust.Epoch != epoch, TimeSpan.FromSeconds(30), "the node listens again");
        Assert.Null(await a.PeekAsync("k"));
        await a.HoldsInL1Async("k", "new");
        await b.Cache.RemoveAsync("k");
        await a.LocalIsGoneAsync("k");
    }

    [Fact]
    public async Task R11_InvalidatingNodesClockIsBehind_ItsInvalidationsCountAllTheSame()
    {
        var (a, behind) = (await StartNodeAsync(), await StartNodeAsync(time: new ShiftedTime(TimeSpan.FromHours(-1))));
        await a.Cache.SetAsync("tagged", "old", tags: ["t"]);
        await a.Cache.SetAsync("set", "old");

        await behind.Cache.RemoveByTagAsync("t");
        await behind.Cache.SetAsync("set", "new");

        await Eventually.TrueAsync(async () => await a.PeekAsync("tagged") is null, message: "the removal is heard of");
        await Eventually.TrueAsync(async () => await a.PeekAsync("set") == "new", message: "the new value is heard of");
        Assert.Equal("new", await a.PeekStoreAsync("set"));
    }

    [Fact]
    public async Task R12_LateOrRepeatedTagMessages_WhatWasInvalidatedDoesNotComeBack()
    {
        var (a, b) = (await StartNodeAsync(), await StartNodeAsync());
        var sent = await ListenAsync();
        await b.Cache.RemoveByTagAsync(["t", "*"]);
        await a.Cache.SetAsync("k", "old", tags: ["t"]);
        await b.Cache.RemoveByTagAsync("t");
        await b.Cache.ClearAsync();
        await Eventually.TrueAsync(() => sent.Count(message => message.Contains(" tag ", StringComparison.Ordinal)) == 4, message: "all are sent");
        await Eventually.TrueAsync(async () => await a.PeekAsync("k") is null, message: "they have arrived");

        // All of them once more, the last one first.
        foreach (var message in sent.Reverse().ToArray())
        {
            await _connection.GetSubscriber().PublishAsync(RedisChannel.Literal("larder:feed"), message);
        }

        await b.Cache.SetAsync("marker", "x");
        await Eventually.TrueAsync(async () => await a.PeekAsync("marker") == "x", message: "A has heard all of it");
        Assert.Null(await a.PeekAsync("k"));
        await a.Cache.SetAsync("k", "new", tags: ["t"]);
        Assert.Equal("new", await a.PeekAsync("k"));
    }

    [Fact]
    public async Task R13_TagsRecord_OutlivesTheEntriesThatCarryIt()
    {
        var (a, b) = (await StartNodeAsync(), await StartNodeAsync());
        await a.Cache.SetAsync("k", "old", new LarderEntryOptions { Expiration = TimeSpan.FromDays(10_000) }, ["t"]);
        await b.Cache.RemoveByTagAsync("t");

        Assert.Null(await _connection.GetDatabase().KeyTimeToLiveAsync("larder:tags"));
        Assert.True(await _connection.GetDatabase().KeyExistsAsync("k"));
        Assert.Null(await (await StartNodeAsync()).PeekAsync("k"));
    }

    private async Task<IReadOnlyCollection<string>> ListenAsync()
    {
        var sent = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await _connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal("larder:feed"), (_, message) => sent.Enqueue(message!));
        return sent;
    }

    // A wall clock that is wrong; time goes by as ever.
    private sealed class ShiftedTime(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
    }
}

/// <summary>On redis-server.</summary>
public sealed class FeedRaceTestsOnRedis() : FeedRaceTests(ServerKind.Redis);

/// <summary>On the embedded Garnet.</summary>
public sealed class FeedRaceTestsOnGarnet() : FeedRaceTests(ServerKind.Garnet);
