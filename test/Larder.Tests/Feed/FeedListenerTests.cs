using Larder.Diagnostics;
using Larder.Feed;
using Larder.Fences;
using Larder.Leases;
using Larder.Local;
using Larder.Payloads;
using Larder.Stores;
using Larder.Tags;
using Larder.Testing.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Feed;

public sealed class FeedListenerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CacheNode _node;
    private readonly MonotonicClock _clock;
    private readonly Trust _trust;
    private readonly TagClock _tags;
    private readonly LeaseWaits _waits;
    private readonly FencedLocal _local;
    private readonly FeedListener _listener;
    private long _number;

    public FeedListenerTests()
    {
        var store = new MemoryStore(new MemoryServer(_time), new StoreContext
        {
            CacheName = "",
            KeyPrefix = "",
            NodeId = "me",
            TimeProvider = _time,
            LoggerFactory = NullLoggerFactory.Instance,
        });
        var serializers = new PayloadSerializers(new ServiceCollection().BuildServiceProvider(), "");
        _node = new CacheNode(new LarderOptions(), "me", store, serializers, new Telemetry("", _time), _time, NullLogger.Instance);
        (_clock, _trust, _tags, _waits, _local, _listener) = (_node.Clock, _node.Trust, _node.Tags, _node.Waits, _node.Local, _node.Feed!);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public void OnEcho_First_TrustBeginsAndLastsFromTheSending()
    {
        var echo = _listener.NextEcho();
        _time.Advance(TimeSpan.FromSeconds(2));

        _listener.OnEcho(echo);

        Assert.True(_trust.IsTrusted(_clock.Now));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(_trust.IsTrusted(_clock.Now));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_trust.IsTrusted(_clock.Now));
    }

    [Fact]
    public void OnEcho_OfBeforeAnInterruption_GivesNoTrust()
    {
        var echo = _listener.NextEcho();
        _listener.OnInterrupted();

        _listener.OnEcho(echo);

        Assert.False(_trust.IsTrusted(_clock.Now));
    }

    [Fact]
    public void OnEcho_AfterALostOne_CountsFromItsOwnSending()
    {
        _listener.NextEcho();
        _time.Advance(TimeSpan.FromSeconds(1));
        _listener.OnEcho(_listener.NextEcho());

        Assert.Equal(_clock.Now + 5000, _trust.Until);
    }

    [Fact]
    public void OnInterrupted_ThenAttachedAgain_WhatWasStoredBeforeAndBetweenIsOut()
    {
        Attach();
        Store("before");
        _listener.OnInterrupted();
        Store("between");
        Attach();
        Store("after");

        Assert.Equal((false, false, true), (Covers("before"), Covers("between"), Covers("after")));
    }

    [Fact]
    public void OnInterrupted_TwiceForOneLoss_KeepsWhatWasMadeSinceTheFirst()
    {
        Attach();
        _listener.OnInterrupted();
        var (epoch, revision) = (_trust.Epoch, _tags.Revision);

        _listener.OnInterrupted();

        Assert.Equal((epoch, revision), (_trust.Epoch, _tags.Revision));
    }

    [Theory]
    [InlineData(FeedChange.Set)]
    [InlineData(FeedChange.Commit)]
    [InlineData(FeedChange.Remove)]
    public void OnMessage_ChangeByAnother_DropsTheCopyAndRefusesLoadsFromBefore(FeedChange change)
    {
        Attach();
        Store("k");
        Store("other");
        var mark = _local.Capture("k");

        Hear(change, "k");

        Assert.False(_local.Local.TryGet("k", out _));
        Assert.True(Covers("other"));
        Assert.False(_local.Store(Entry("k"), mark));
    }

    [Theory]
    [InlineData(FeedChange.Release)]
    [InlineData(FeedChange.None)]
    [InlineData(FeedChange.Repeat)]
    public void OnMessage_NoChangeOfTheKey_KeepsTheCopy(FeedChange change)
    {
        Attach();
        Hear(FeedChange.Set, "k");
        Store("k");

        _listener.OnMessage(new FeedMessage("another", change == FeedChange.Repeat ? _number : ++_number, change, "k"));

        Assert.True(Covers("k"));
    }

    [Fact]
    public void OnMessage_OwnChange_KeepsWhatWasJustWrittenAndWakesWaiters()
    {
        Attach();
        Store("k");
        var wait = _waits.Next("k");

        _listener.OnMessage(new FeedMessage("me", 17, FeedChange.Commit, "k"));

        Assert.True(Covers("k"));
        Assert.True(wait.IsCompleted);
    }

    [Theory]
    [InlineData(FeedChange.Commit, true)]
    [InlineData(FeedChange.Remove, true)]
    [InlineData(FeedChange.Release, true)]
    [InlineData(FeedChange.None, false)]
    public void OnMessage_AboutTheKey_WakesThoseWhoWaitForItsLease(FeedChange change, bool wakes)
    {
        Attach();
        var wait = _waits.Next("k");
        var other = _waits.Next("other");

        Hear(change, "k");

        Assert.Equal(wakes, wait.IsCompleted);
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public void OnMessage_Tag_IsLearnt()
    {
        Attach();
        _tags.Learn(new TagReading(new TagStamp("g", 1), []), [], _tags.Forgets);

        _listener.OnMessage(new FeedMessage("another", ++_number, FeedChange.Tag, "t", new TagStamp("g", 2)));

        Assert.Equal(TagVerdict.Invalid, _tags.Check(new TagStamp("g", 1), ["t"]));
    }

    [Fact]
    public void OnMessage_AfterAGap_WhatWasStoredBeforeIsOutAndTagsAreUnknown()
    {
        Attach();
        _tags.Learn(new TagReading(new TagStamp("g", 1), []), [], _tags.Forgets);
        Hear(FeedChange.Set, "x");
        Store("k");
        _number++;

        Hear(FeedChange.Set, "y");

        Assert.False(Covers("k"));
        Assert.Equal(TagVerdict.Unknown, _tags.Check(new TagStamp("g", 1), null));
        Assert.True(_trust.IsTrusted(_clock.Now)); // what is loaded from now on may be kept
    }

    private SharedEntry<string> Entry(string key, long epoch = 0) => new(key, "value", 0, new() { Epoch = epoch, Stamp = _tags.Now });

    private void Attach() => _listener.OnEcho(_listener.NextEcho());

    private void Hear(FeedChange change, string key) => _listener.OnMessage(new FeedMessage("another", ++_number, change, key));

    private void Store(string key)
    {
        var mark = _local.Capture(key);
        Assert.True(_local.Store(Entry(key, mark.Epoch), mark));
    }

    private bool Covers(string key) =>
        _local.Local.TryGet(key, out var entry) && _trust.Covers(((CachedEntry)entry).Epoch, _clock.Now);
}
