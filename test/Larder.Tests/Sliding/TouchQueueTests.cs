using Larder.Diagnostics;
using Larder.Local;
using Larder.Recovery;
using Larder.Sliding;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Sliding;

public sealed class TouchQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TouchStore _store = new();
    private readonly Telemetry _telemetry = new("", TimeProvider.System);
    private readonly MonotonicClock _clock;
    private readonly TouchQueue _queue;

    public TouchQueueTests()
    {
        _clock = new MonotonicClock(_time);
        _queue = new TouchQueue(new StoreLine(_store, new LarderOptions(), _clock, _telemetry, NullLogger.Instance), _clock, NullLogger.Instance);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _telemetry.Dispose();
    }

    [Fact]
    public void Enqueue_ManyReads_OneTouchAQuarterLaterSaysWhenTheLastWas()
    {
        var entry = Entry("k", slidingSeconds: 40);
        for (var second = 0; second < 8; second++)
        {
            Read(entry);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(_store.Touches);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal([("k", TimeSpan.FromSeconds(3))], _store.Touches);
    }

    [Fact]
    public void Enqueue_ReadAgainAfterATouch_IsToldAgain()
    {
        var entry = Entry("k", slidingSeconds: 4);
        Read(entry);
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Single(_store.Touches);

        Read(entry);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([("k", TimeSpan.FromSeconds(1)), ("k", TimeSpan.FromSeconds(1))], _store.Touches);
    }

    [Fact]
    public void Enqueue_SeveralEntries_EachIsToldInItsOwnTime()
    {
        Read(Entry("slow", slidingSeconds: 400));
        Read(Entry("quick", slidingSeconds: 4));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["quick"], _store.Touches.Select(touch => touch.Key));

        _time.Advance(TimeSpan.FromSeconds(99));
        Assert.Equal(["quick", "slow"], _store.Touches.Select(touch => touch.Key));
    }

    [Fact]
    public void Dispose_WithReadsToTell_TellsNothingMore()
    {
        Read(Entry("k", slidingSeconds: 4));
        _queue.Dispose();

        _time.Advance(TimeSpan.FromSeconds(10));
        Read(Entry("other", slidingSeconds: 4));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty(_store.Touches);
    }

    private static SharedEntry<string> Entry(string key, int slidingSeconds) => new(key, "value", 0, new() { Sliding = slidingSeconds * 1000L });

    private void Read(CachedEntry entry)
    {
        entry.Read(_clock.Now);
        _queue.Enqueue(entry, _clock.Now);
    }
}
