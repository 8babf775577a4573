using Larder.Feed;
using Larder.Fences;
using Larder.Factories;
using Larder.Flights;
using Larder.Local;
using Larder.Policies;
using Larder.Tags;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Tests.Flights;

public sealed class FlightTableTests
{
    private readonly TagClock _tags = TagClock.Local();
    private readonly FencedLocal _local;
    private readonly FlightTable _flights;

    public FlightTableTests()
    {
        _local = new FencedLocal(new LocalCache(new LocalOptions()), Trust.Always(), _tags, new MonotonicClock(TimeProvider.System), TimeSpan.FromSeconds(5));
        _flights = new FlightTable(_local);
    }

    [Fact]
    public void JoinOrEnter_SecondCaller_JoinsTheFirstOnesFlight()
    {
        var first = Enter("k");

        Assert.Same(first, Enter("k"));
    }

    [Fact]
    public void JoinOrEnter_OtherKeyTypeOrLevels_IsAFlightOfItsOwn()
    {
        var first = Enter("k");

        Assert.NotSame(first, Enter("other"));
        Assert.NotSame(first, Enter("k", flags: HybridCacheEntryFlags.DisableLocalCacheRead));
        var number = Flight<int>("k");
        Assert.Same(number, _flights.JoinOrEnter(number));
    }

    [Fact]
    public void JoinOrEnter_KeyInvalidatedSince_TakesItsPlace()
    {
        var first = Enter("k");
        _local.Invalidate("k");

        var second = Enter("k");

        Assert.NotSame(first, second);
        Assert.Same(second, Enter("k"));
    }

    [Fact]
    public void JoinOrEnter_ItsTagInvalidatedSince_TakesItsPlace()
    {
        var first = Enter("k", ["t"]);
        _tags.Advance(["other"]);
        Assert.Same(first, Enter("k", ["t"]));

        _tags.Advance(["t"]);
        Assert.NotSame(first, Enter("k", ["t"]));
    }

    [Fact]
    public void JoinOrEnter_AllCallersHaveLeft_TakesItsPlace()
    {
        var first = Enter("k");
        Assert.Same(first, Enter("k"));
        Assert.False(first.Leave());
        Assert.False(first.Token.IsCancellationRequested);
        Assert.True(first.Leave());
        Assert.True(first.Token.IsCancellationRequested);

        Assert.NotSame(first, Enter("k"));
    }

    [Fact]
    public void Leave_FlightThatWasReplaced_LeavesItsSuccessor()
    {
        var first = Enter("k");
        _local.Invalidate("k");
        var second = Enter("k");

        _flights.Leave(first);

        Assert.Same(second, Enter("k"));
        _flights.Leave(second);
        Assert.NotSame(second, Enter("k"));
    }

    private Flight<string> Enter(string key, string[]? tags = null, HybridCacheEntryFlags flags = HybridCacheEntryFlags.None) =>
        _flights.JoinOrEnter(Flight<string>(key, tags, flags));

    private Flight<T> Flight<T>(
        string key, string[]? tags = null, HybridCacheEntryFlags flags = HybridCacheEntryFlags.None, bool areTagsKnown = true) =>
        new FactoryFlight<PlainFactory<int, T>, T>(
            new FlightKey(key, typeof(T), flags),
            new FlightTerms(EntryPolicy.Compose(new LarderEntryOptions(), new LarderEntryOptions()), tags, IsCancellable: true),
            new(0, static (_, _) => throw new InvalidOperationException("Nobody runs it here.")))
        {
            Mark = _local.Capture(key),
            AreTagsKnown = areTagsKnown,
        };
}
