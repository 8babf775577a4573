using Larder.Stores;
using Xunit;

namespace Larder.Testing.Conformance;

/// <summary>The feed: every change reaches every node, in order and numbered, and an echo comes after all that was before it.</summary>
public abstract class FeedConformance : TagConformance
{
    private static readonly LeaseToken Token = new("a-1");
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly FeedRecorder _ownFeed = new();
    private readonly FeedRecorder _peersFeed = new();

    [Fact]
    public async Task Set_Done_AllNodesAreTold()
    {
        var (a, _) = await StartPairAsync();

        await a.SetAsync("key", Value("value"), Cancel);

        await AssertToldAsync((FeedChange.Set, "key"));
    }

    [Fact]
    public async Task Commit_Done_AllNodesAreTold()
    {
        var (a, _) = await StartPairAsync();
        await a.AcquireLeaseAsync("key", new(Token, Long), Cancel);

        await a.CommitAsync("key", Token, Value("value"), Cancel);

        await AssertToldAsync((FeedChange.Commit, "key"));
    }

    [Fact]
    public async Task Remove_OfKeysThereAndNot_AllNodesAreToldOfEach()
    {
        var (a, _) = await StartPairAsync();
        await a.SetAsync("one", Value("value"), Cancel);

        await a.RemoveAsync(["one", "two"], Cancel);

        await AssertToldAsync((FeedChange.Set, "one"), (FeedChange.Remove, "one"), (FeedChange.Remove, "two"));
    }

    [Fact]
    public async Task Expire_OfKeysThereAndNot_AllNodesAreToldOfEach()
    {
        var (a, _) = await StartPairAsync();
        await a.SetAsync("kept", Value("value") with { Expiration = Long, Retention = Long }, Cancel);

        await a.ExpireAsync(["kept", "not there"], Cancel);

        await AssertToldAsync((FeedChange.Set, "kept"), (FeedChange.Expire, "kept"), (FeedChange.Expire, "not there"));
    }

    [Fact]
    public async Task ReleaseLease_ByItsHolder_AllNodesAreTold()
    {
        var (a, _) = await StartPairAsync();
        await a.AcquireLeaseAsync("key", new(Token, Long), Cancel);

        await a.ReleaseLeaseAsync("key", Token, null, Cancel);

        await AssertToldAsync((FeedChange.Release, "key"));
    }

    [Fact]
    public async Task InvalidateTags_Done_AllNodesAreToldTheNumberOfEach()
    {
        var (a, _) = await StartPairAsync();

        var after = await a.InvalidateTagsAsync(["x", "y"], Cancel);

        await AssertToldAsync((FeedChange.Tag, "x"), (FeedChange.Tag, "y"));
        Assert.All(_peersFeed.Changes, message => Assert.Equal(after.Now, message.Stamp));
    }

    [Fact]
    public async Task OddKeysAndTags_Changed_ArriveAsTheyAre()
    {
        var (a, _) = await StartPairAsync();
        foreach (var key in OddKeys)
        {
            await a.SetAsync(key, Value("value"), Cancel);
            await a.RemoveAsync([key], Cancel);
            await a.InvalidateTagsAsync([key], Cancel);
        }

        await AssertToldAsync([.. OddKeys.SelectMany(key => new[] { (FeedChange.Set, key), (FeedChange.Remove, key), (FeedChange.Tag, key) })]);
    }

    [Fact]
    public async Task WhatChangesNothing_Done_NobodyIsTold()
    {
        var (a, b) = await StartPairAsync();
        await a.SetAsync("key", Value("value") with { SlidingExpiration = Long }, Cancel);

        await a.ReadAsync("key", Cancel);
        await a.TouchAsync("key", TimeSpan.Zero, Cancel);
        await a.AcquireLeaseAsync("key", new(Token, Long), Cancel);
        await a.AcquireLeaseAsync("other", new(Token, Long), Cancel);
        await a.RenewLeaseAsync("other", Token, Long, Cancel);
        await b.ReadTagsAsync(["t"], Cancel);
        Assert.False(await b.CommitAsync("other", new("b-1"), Value("refused"), Cancel));

        await AssertToldAsync((FeedChange.Set, "key"));
    }

    [Fact]
    public async Task Messages_OfTwoPublishers_AreNumberedByEachWithoutGaps()
    {
        var (a, b) = await StartPairAsync();
        for (var i = 0; i < 20; i++)
        {
            await a.SetAsync($"a{i}", Value("value"), Cancel);
            await b.RemoveAsync([$"b{i}", $"c{i}"], Cancel);
            await b.InvalidateTagsAsync(["t", "u"], Cancel);
        }

        await SettleAsync(a, b);

        foreach (var feed in (FeedRecorder[])[_ownFeed, _peersFeed])
        {
            Assert.Equal(20, AssertNumbered(feed, "a"));
            Assert.Equal(80, AssertNumbered(feed, "b"));
        }
    }

    [Fact]
    public async Task Messages_OfConcurrentChanges_AreNumberedWithoutGaps()
    {
        var (a, b) = await StartPairAsync();

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => (i % 3) switch
        {
            0 => a.SetAsync($"k{i}", Value("value"), Cancel).AsTask(),
            1 => a.RemoveAsync([$"k{i}"], Cancel).AsTask(),
            _ => a.InvalidateTagsAsync([$"t{i}"], Cancel).AsTask(),
        }));
        await SettleAsync(a, b);

        Assert.Equal(300, AssertNumbered(_ownFeed, "a"));
        Assert.Equal(300, AssertNumbered(_peersFeed, "a"));
    }

    [Fact]
    public async Task Messages_OfConcurrentTagInvalidations_ArriveInTheOrderOfTheClock()
    {
        var (a, b) = await StartPairAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? a : b).InvalidateTagsAsync([$"t{i}"], Cancel).AsTask()));
        await SettleAsync(a, b);

        var stamps = _peersFeed.Changes.Select(message => message.Stamp.Number).ToArray();
        Assert.Equal(100, stamps.Length);
        Assert.Equal(stamps.Order(), stamps);
    }

    [Fact]
    public async Task Messages_AroundARefusedCommit_AreNumberedWithoutGaps()
    {
        var (a, b) = await StartPairAsync();
        await a.SetAsync("key", Value("value"), Cancel);
        Assert.False(await a.CommitAsync("key", Token, Value("refused"), Cancel));
        await a.ReleaseLeaseAsync("key", Token, null, Cancel);
        await a.RemoveAsync(["key"], Cancel);
        await SettleAsync(a, b);

        Assert.Equal(2, AssertNumbered(_peersFeed, "a"));
    }

    [Fact]
    public async Task Pulse_AfterAChange_RepeatsItsNumberOnce()
    {
        var (a, b) = await StartPairAsync();
        await a.SetAsync("key", Value("value"), Cancel);
        for (var i = 1; i <= 5; i++)
        {
            await a.PulseAsync(i, Cancel);
        }

        await SettleAsync(a, b);

        var repeat = Assert.Single(_peersFeed.Events.OfType<FeedMessage>(), message => message.Change == FeedChange.Repeat);
        Assert.Equal("a", repeat.Publisher);
        Assert.Equal(_peersFeed.Changes.Single().Number, repeat.Number);
    }

    [Fact]
    public async Task Echo_AfterChangesOfOthers_ComesBackAfterTheirMessages()
    {
        var (a, b) = await StartPairAsync();
        for (var round = 1; round <= 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => b.SetAsync($"{round}-{i}", Value("value"), Cancel).AsTask()));
            await a.PulseAsync(round, Cancel);
        }

        await Eventually.TrueAsync(() => _ownFeed.Echoes.Count == 20);

        var changes = 0;
        foreach (var happened in _ownFeed.Events)
        {
            changes += happened is FeedMessage { Change: FeedChange.Set } ? 1 : 0;
            if (happened is long echo)
            {
                Assert.True(changes >= echo * 20, $"Echo {echo} came back after {changes} of {echo * 20} messages.");
            }
        }
    }

    [Fact]
    public async Task Echo_OfANode_ComesBackToItAlone()
    {
        var (a, b) = await StartPairAsync();

        await a.PulseAsync(42, Cancel);
        await b.PulseAsync(43, Cancel);

        await Eventually.TrueAsync(() => _ownFeed.Echoes.Count > 0 && _peersFeed.Echoes.Count > 0);
        Assert.Equal([42], _ownFeed.Echoes);
        Assert.Equal([43], _peersFeed.Echoes);
    }

    [Fact]
    public async Task Change_OfAnotherCache_IsNotReportedHere()
    {
        var (a, b) = await StartPairAsync();
        var other = await StartAsync("c", Prefix + "other:");
        await other.SetAsync("key", Value("value"), Cancel);
        await other.InvalidateTagsAsync(["t"], Cancel);

        await SettleAsync(a, b);

        Assert.Empty(_ownFeed.Changes);
    }

    [Fact]
    public async Task Start_OfAStore_FeedIsAttachedWhenItReturns()
    {
        var (a, b) = await StartPairAsync();
        await a.SetAsync("key", Value("value"), Cancel);
        await SettleAsync(a, b);

        Assert.Single(_peersFeed.Changes);
        Assert.DoesNotContain("interrupted", _peersFeed.Events);
    }

    /// <summary>Each message of a publisher has the next number, or repeats the last one and reports nothing.</summary>
    /// <returns>How many changes it reported.</returns>
    protected int AssertNumbered(string publisher) => AssertNumbered(_peersFeed, publisher);

    private static int AssertNumbered(FeedRecorder feed, string publisher)
    {
        var last = 0L;
        foreach (var message in feed.Events.OfType<FeedMessage>().Where(message => message.Publisher == publisher))
        {
            var isRepeat = message.Change == FeedChange.Repeat;
            Assert.True(isRepeat || message.Number == last + 1, $"After number {last} of '{publisher}' came {message}.");
            last = message.Number;
        }

        return feed.Changes.Count(message => message.Publisher == publisher);
    }

    protected async Task<(ILarderStore A, ILarderStore B)> StartPairAsync() =>
        (await StartAsync(StoreCapabilities.Feed, "a", _ownFeed), await StartAsync("b", observer: _peersFeed));

    /// <summary>Returns when everything that was published so far has arrived: an echo proves it.</summary>
    protected async Task SettleAsync(ILarderStore a, ILarderStore b)
    {
        await a.PulseAsync(long.MaxValue, Cancel);
        await b.PulseAsync(long.MaxValue, Cancel);
        await Eventually.TrueAsync(() => _ownFeed.Echoes.Contains(long.MaxValue) && _peersFeed.Echoes.Contains(long.MaxValue));
    }

    /// <summary>Waits until both nodes were told of these changes, all by the node <c>a</c>, and checks that they were of no others.</summary>
    protected async Task AssertToldAsync(params (FeedChange Change, string Subject)[] expected)
    {
        await Eventually.TrueAsync(() => _ownFeed.Changes.Count >= expected.Length && _peersFeed.Changes.Count >= expected.Length);
        Assert.Equal(expected, _ownFeed.Changes.Select(message => (message.Change, message.Subject)));
        Assert.Equal(expected, _peersFeed.Changes.Select(message => (message.Change, message.Subject)));
        Assert.All(_peersFeed.Changes, message => Assert.Equal("a", message.Publisher));
    }
}
