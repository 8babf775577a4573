using Larder.Redis.Tests.Nodes;
using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests.Explaining;

/// <summary>What a node says of a key, and why a read of it is no hit.</summary>
public abstract class ExplainTests(ServerKind kind) : TwoNodesOnServer(kind)
{
    [Fact]
    public async Task Explain_NeverCached_SaysSo()
    {
        var all = await A.Cache.ExplainAsync("k");

        Assert.Equal((MissReason.NotThere, MissReason.NotThere), (all.LocalMiss, all.StoreMiss));
        Assert.Null(all.Local ?? all.Store);
        Assert.Contains("L1 does not have it; L2 does not have it", all.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_LargerThanMaximumPayloadBytes_SaysSo()
    {
        await using var small = await StartNodeAsync(static options => options.MaximumPayloadBytes = 10);
        await small.Cache.GetOrCreateAsync("k", static _ => new ValueTask<string>(new string('x', 100)));

        var all = await small.Cache.ExplainAsync("k");

        Assert.Equal(MissReason.TooLarge, all.LastMiss!.Store);
        Assert.Contains("over the size limit", all.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_CachedByTheOther_SaysWhoHasItAndHowLong()
    {
        await A.Cache.SetAsync("k", "value", new LarderEntryOptions { Expiration = TimeSpan.FromHours(1) }, ["t"]);

        var all = await B.Cache.ExplainAsync("k");

        Assert.Equal((MissReason.NotThere, MissReason.None), (all.LocalMiss, all.StoreMiss));
        Assert.Equal(A.Cache.NodeId, all.Store!.Writer);
        Assert.Equal(["t"], all.Store.Tags);
        Assert.InRange(all.Store.ExpiresIn!.Value, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(61)); // by the clock of the server
        Assert.Null((await B.Cache.ExplainAsync("k")).Local); // to look at it stores nothing
    }

    [Fact]
    public async Task Explain_KilledByATag_NamesTheTagAndTheNode()
    {
        await A.Cache.SetAsync("k", "value", tags: ["one", "two"]);
        await B.Cache.RemoveByTagAsync("two");
        await A.CatchUpAsync();

        var all = await A.Cache.ExplainAsync("k");

        Assert.Equal((MissReason.Tagged, MissReason.Tagged, "two"), (all.LocalMiss, all.StoreMiss, all.KilledBy));
        Assert.Contains($"killed by the tag 'two' ", all.Summary, StringComparison.Ordinal);
        Assert.Contains($" ago by {B.Cache.NodeId}", all.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_RemovedByTheOther_NamesIt()
    {
        await A.Cache.SetAsync("k", "value");
        await B.Cache.RemoveAsync("k");
        await A.CatchUpAsync();

        var last = (await A.Cache.ExplainAsync("k")).LastInvalidation!;

        Assert.Equal((LarderEventKind.Remove, B.Cache.NodeId), (last.Kind, last.Node));
    }

    [Fact]
    public async Task Explain_Expired_IsKeptForFailSafe()
    {
        await A.Cache.SetAsync("k", "value", new LarderEntryOptions { FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) } });
        await B.Cache.ExpireAsync("k");
        await A.CatchUpAsync();

        var all = await A.Cache.ExplainAsync("k");

        Assert.Equal((MissReason.Expired, MissReason.Expired), (all.LocalMiss, all.StoreMiss));
        Assert.True(all.Local!.IsExpired && all.Store!.IsExpired);
        Assert.InRange(all.Store.KeptFor!.Value, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(66));
    }

    [Fact]
    public async Task Explain_Damaged_IsUnreadable()
    {
        await A.Cache.SetAsync("k", "value");
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
        await connection.GetDatabase().HashSetAsync("k", "data", "\"valve\"");

        Assert.Equal(MissReason.Unreadable, (await B.Cache.ExplainAsync("k")).StoreMiss);
    }

    [Fact]
    public async Task Explain_AfterAMiss_RemembersWhy()
    {
        await A.GetAsync("k", "value");

        var miss = (await A.Cache.ExplainAsync("k")).LastMiss!;

        Assert.Equal((MissReason.NotThere, MissReason.NotThere), (miss.Local, miss.Store));
    }
}

/// <summary>On <c>redis-server</c>.</summary>
public sealed class ExplainTestsOnRedis() : ExplainTests(ServerKind.Redis);

/// <summary>On embedded Garnet.</summary>
public sealed class ExplainTestsOnGarnet() : ExplainTests(ServerKind.Garnet);
