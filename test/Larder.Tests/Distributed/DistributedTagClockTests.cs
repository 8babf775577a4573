using Larder.Distributed;
using Larder.Stores;
using Larder.Testing;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Distributed;

public sealed class DistributedTagClockTests : IDisposable
{
    private static readonly DistributedKeys Keys = new("p:");

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryProvider _memory;
    private readonly GatedProvider _slow;
    private readonly DistributedTagClock _a;
    private readonly DistributedTagClock _b;

    public DistributedTagClockTests()
    {
        _memory = new MemoryProvider(_time);
        _slow = new GatedProvider(() => _memory.Cache);
        _a = new DistributedTagClock(new DistributedProvider(_slow), Keys);
        _b = new DistributedTagClock(new DistributedProvider(_memory.Cache), Keys);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public async Task Invalidate_WhileAnotherNodeReads_TheReaderNeverTakesTheNewClockWithTheOldTag()
    {
        var before = await _b.ReadAsync(["t"], Cancel);
        var gate = _slow.HoldWritesOf(Keys.Clock);

        // The tag is written; the clock is not yet.
        var invalidation = _a.InvalidateAsync(["t"], Cancel).AsTask();
        await gate.Reached;
        var during = await _b.ReadAsync(["t"], Cancel);
        gate.Open();
        var after = await invalidation;

        Assert.Equal(before.Now, during.Now);
        Assert.Equal(after.Numbers, during.Numbers);
    }

    [Fact]
    public async Task Read_WhileAnotherNodeInvalidates_AnswersTheClockOfBefore()
    {
        var before = await _b.ReadAsync([], Cancel);
        var gate = _slow.HoldReadsOf(Keys.Tag("t"));

        // The clock is read; the tag is not yet.
        var read = _a.ReadAsync(["t"], Cancel).AsTask();
        await gate.Reached;
        var after = await _b.InvalidateAsync(["t"], Cancel);
        gate.Open();

        var reading = await read;
        Assert.Equal(before.Now, reading.Now);
        Assert.Equal(after.Numbers, reading.Numbers);
    }

    [Fact]
    public async Task Pulse_AfterASlowerNodeSetTheClockBack_MovesOnBeyondBoth()
    {
        await _b.ReadAsync([], Cancel);
        var gate = _slow.HoldWritesOf(Keys.Clock);
        var slow = _a.InvalidateAsync(["a"], Cancel).AsTask();
        await gate.Reached;
        TagReading fast = default;
        for (var i = 0; i < 100; i++)
        {
            fast = await _b.InvalidateAsync(["b"], Cancel);
        }

        gate.Open();
        var late = await slow;
        Assert.True(late.Now.Number < fast.Now.Number);
        var pulse = await _b.PulseAsync(Cancel);

        Assert.True(pulse.Now.Number > fast.Now.Number);
        Assert.Equal(pulse.Now, (await _a.ReadAsync([], Cancel)).Now);
        Assert.Equal(pulse.Now, (await _b.PulseAsync(Cancel)).Now);
    }

    [Fact]
    public async Task Invalidate_WithATagRecordAheadOfTheClock_GoesBeyondIt()
    {
        var now = (await _a.ReadAsync([], Cancel)).Now;
        await _memory.Cache.SetAsync(Keys.Tag("t"), TagStampEnvelope.Write(now with { Number = 1L << 40 }).ToArray(), Cancel);

        var after = await _a.InvalidateAsync(["t"], Cancel);

        Assert.True(after.Now.Number > 1L << 40);
    }

    [Fact]
    public async Task Read_DamagedTagRecord_CountsAsInvalidatedNow()
    {
        var after = await _a.InvalidateAsync(["other"], Cancel);
        await _memory.Cache.SetAsync(Keys.Tag("t"), [1, 2, 3], Cancel);

        Assert.Equal([after.Now.Number], (await _a.ReadAsync(["t"], Cancel)).Numbers);
    }

    [Fact]
    public async Task Read_DamagedClock_ANewGeneration()
    {
        var before = await _a.InvalidateAsync(["t"], Cancel);
        await _memory.Cache.SetAsync(Keys.Clock, [1, 2, 3], Cancel);

        var after = await _a.ReadAsync(["t"], Cancel);

        Assert.NotEqual(before.Now.Generation, after.Now.Generation);
        Assert.Equal([0], after.Numbers);
    }

    [Fact]
    public async Task Read_ByManyAtOnceOfANodeBeforeThereIsAClock_OneGeneration()
    {
        var readings = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _a.ReadAsync([], Cancel).AsTask()));

        Assert.Single(readings.Select(reading => reading.Now.Generation).Distinct());
    }

    [Fact]
    public async Task Records_OfAProviderThatSlidesWhatHasNoExpiration_OutliveTheirIdleTime()
    {
        var clock = new DistributedTagClock(new DistributedProvider(new AwkwardProvider(() => _memory.Cache)), Keys);
        var before = await clock.InvalidateAsync(["t"], Cancel);

        _time.Advance(TimeSpan.FromDays(30));

        var after = await clock.ReadAsync(["t"], Cancel);
        Assert.Equal(before.Now, after.Now);
        Assert.Equal(before.Numbers, after.Numbers);
        clock.Dispose();
    }

    /// <summary>Holds operations on one key at a gate, before they begin.</summary>
    private sealed class GatedProvider(Func<IDistributedCache> inner) : ProviderFake(inner)
    {
        private (string Key, Gate Gate) _reads;
        private (string Key, Gate Gate) _writes;

        public Gate HoldReadsOf(string key) => (_reads = (key, new Gate())).Gate;

        public Gate HoldWritesOf(string key) => (_writes = (key, new Gate())).Gate;

        public override async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            if (key == _reads.Key)
            {
                await _reads.Gate.PassAsync(token);
            }

            return await base.GetAsync(key, token);
        }

        public override async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            if (key == _writes.Key)
            {
                await _writes.Gate.PassAsync(token);
            }

            await base.SetAsync(key, value, options, token);
        }
    }
}
