using Larder.Local;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Local;

public sealed class SweeperTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly MonotonicClock _clock;
    private readonly LocalCache _cache = new(new LocalOptions { MaximumEntries = 10_000 });
    private readonly Sweeper _sweeper;
    private MemoryReading _memory = new(Collection: 1, Load: 50, HighLoad: 90);

    public SweeperTests()
    {
        _clock = new MonotonicClock(_time);
        _sweeper = new Sweeper(_cache, _clock, () => _memory);
    }

    [Fact]
    public void Sweep_ManyThatExpireAtOnce_AllLeaveWithinSeconds()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _cache.Set(new TestEntry($"{i}") { ExpiresAt = _clock.Now + 60_000 });
        }

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(10_000, _cache.Count);

        _time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public void Sweep_MemoryIsShort_MakesTheCacheSmaller()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _cache.Set(new TestEntry($"{i}"));
        }

        _memory = new MemoryReading(2, 95, 90);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(9_000, _cache.Count);
    }

    [Fact]
    public void Sweep_TheTableGrowsAndNothingIsAddedAnyMore_BringsTheGrowthToItsEnd()
    {
        // Just as many as make it grow: of 8192 chains, few have moved.
        for (var i = 0; i < 8200; i++)
        {
            _cache.Set(new TestEntry($"{i}"));
        }

        Assert.False(_cache.Settle(0));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(_cache.Settle(0));
        Assert.All(Enumerable.Range(0, 8200), i => Assert.True(_cache.TryGet($"{i}", out _)));
    }

    [Fact]
    public void Dispose_Sweeper_SweepsNoMore()
    {
        _cache.Set(new TestEntry("k") { ExpiresAt = _clock.Now });
        _sweeper.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, _cache.Count);
    }

    public void Dispose() => _sweeper.Dispose();
}
