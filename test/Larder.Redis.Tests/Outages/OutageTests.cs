using System.Diagnostics;
using Larder.Redis.Tests.Nodes;
using Xunit;

namespace Larder.Redis.Tests.Outages;

/// <summary>L2 away, at the start or later: nothing is lost by it but speed.</summary>
public abstract class OutageTests(ServerKind kind) : NodesOnServer(kind)
{
    [Fact]
    public async Task GetOrCreate_ServerIsDownAtStart_ValueComesFromFactoryAndCachingBeginsWhenItIsUp()
    {
        await Server.StopAsync();
        var node = StartDetachedNode(Impatient);
        var start = Stopwatch.GetTimestamp();

        Assert.Equal("made", await node.GetAsync("k", "made"));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal("made", await node.GetAsync("k", "never"));

        await Server.RestartAsync();
        await node.TrustsItsL1Async();
        Assert.Equal("new", await node.GetAsync("other", "new"));
        Assert.Equal("new", await node.PeekStoreAsync("other"));
    }

    [Fact]
    public async Task GetOrCreate_ServerDies_ValueComesFromFactoryAndCachingResumesWhenItIsBack()
    {
        var node = await StartNodeAsync(Impatient);
        await node.GetAsync("k", "old");

        await Server.KillAsync();
        Assert.Equal("made", await node.GetAsync("other", "made"));
        await Server.RestartAsync();
        await node.TrustsItsL1Async();

        // On a busy machine the store may be late once more: then the value after it is in L2.
        var tries = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                var key = $"third:{++tries}";
                Assert.Equal("new", await node.GetAsync(key, "new"));
                return await node.PeekStoreAsync(key) == "new";
            },
            message: "caching resumes");
    }

    [Fact]
    public async Task Remove_ServerIsDown_IsDeliveredWhenItIsBackAndUntilThenL2IsSkipped()
    {
        var (a, b) = (await StartNodeAsync(Impatient), await StartNodeAsync(Impatient));
        await a.GetAsync("k", "old");
        await b.GetAsync("k", "never");

        await Server.KillAsync();
        await a.Cache.RemoveAsync("k");
        Assert.Equal(1, a.Cache.Node.Undelivered.Count);
        Assert.Equal("new", await a.GetAsync("k", "new"));

        await Server.RestartAsync();
        await Eventually.TrueAsync(() => a.Cache.Node.Undelivered.Count == 0, message: "the removal is delivered");
        await b.TrustsItsL1Async();
        Assert.NotEqual("old", await b.GetAsync("k", "new"));
    }

    [Fact]
    public async Task RemoveByTag_ServerIsDown_EntriesWithTheTagAreOutAtOnceAndTheRemovalIsDelivered()
    {
        var node = await StartNodeAsync(Impatient);
        await node.Cache.SetAsync("k", "old", tags: ["t"]);

        await Server.KillAsync();
        await node.Cache.RemoveByTagAsync("t");
        Assert.Equal("new", await node.GetAsync("k", "new"));

        await Server.RestartAsync();
        await Eventually.TrueAsync(() => node.Cache.Node.Undelivered.Count == 0, message: "the removal is delivered");
        Assert.NotEqual("old", await node.GetAsync("k", "new"));
    }

    [Fact]
    public async Task Remove_ServerIsDownAndThrowIsAskedFor_Throws()
    {
        var node = await StartNodeAsync(options =>
        {
            Impatient(options);
            options.ThrowOnUndelivered = true;
        });
        await Server.KillAsync();

        await Assert.ThrowsAsync<CacheUndeliveredException>(() => node.Cache.RemoveAsync("k").AsTask());
        await Assert.ThrowsAsync<CacheUndeliveredException>(() => node.Cache.SetAsync("k", "v").AsTask());
        await Assert.ThrowsAsync<CacheUndeliveredException>(() => node.Cache.RemoveByTagAsync("t").AsTask());
        Assert.Equal(0, node.Cache.Node.Undelivered.Count);
    }

    [Fact]
    public async Task Set_ServerIsDown_OwnReadsGetTheSetValue()
    {
        var node = await StartNodeAsync(Impatient);
        await node.Cache.SetAsync("k", "old");
        await Server.KillAsync();
        await Eventually.TrueAsync(() => !node.Cache.Node.Trust.IsTrusted(node.Cache.Node.Clock.Now), message: "the loss is noticed");

        await node.Cache.SetAsync("k", "new");

        Assert.Equal("new", await node.GetAsync("k", "never"));
    }

    private static void Impatient(LarderOptions options) => options.StoreTimeout = TimeSpan.FromSeconds(1);
}

/// <summary>On redis-server, which can also be made to hang and to forget its scripts.</summary>
public sealed class OutageTestsOnRedis() : OutageTests(ServerKind.Redis)
{
    [Fact]
    public async Task GetOrCreate_ServerHangs_ReadersWaitForTheTimeoutOnceAndNoLonger()
    {
        var node = await StartNodeAsync(options => options.StoreTimeout = TimeSpan.FromMilliseconds(500));
        await node.GetAsync("warm", "x");
        var server = (RedisServer)Server;

        server.Suspend();
        try
        {
            var start = Stopwatch.GetTimestamp();
            Assert.Equal("made", await node.GetAsync("k1", "made"));
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));

            start = Stopwatch.GetTimestamp();
            for (var i = 2; i < 100; i++)
            {
                Assert.Equal("made", await node.GetAsync($"k{i}", "made"));
            }

            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromMilliseconds(400));
        }
        finally
        {
            server.Resume();
        }

        await Eventually.TrueAsync(() => !node.Cache.Node.Line!.IsDown, message: "the store answers again");
        Assert.Equal("new", await node.GetAsync("after", "new"));
        Assert.Equal("new", await node.PeekStoreAsync("after"));
    }

    [Fact]
    public async Task GetOrCreate_ScriptsAreFlushed_GoesOn()
    {
        var node = await StartNodeAsync();
        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(Server.Configuration);
        await node.GetAsync("k1", "made");

        await connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");

        Assert.Equal("made", await node.GetAsync("k2", "made"));
        Assert.Equal("made", await node.PeekStoreAsync("k2"));
        await node.Cache.RemoveAsync("k2");
        Assert.Equal(0, node.Cache.Node.Undelivered.Count);
        Assert.Null(await node.PeekStoreAsync("k2"));
    }
}

/// <summary>On the embedded Garnet.</summary>
public sealed class OutageTestsOnGarnet() : OutageTests(ServerKind.Garnet);
