using System.Diagnostics.Metrics;
using Larder.Testing;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Tests.Overflow;

/// <summary>What L1 has no room for comes from the disk, as a hit in L1 does.</summary>
public sealed class OverflowTests : IAsyncDisposable
{
    private readonly OverflowNode _node = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Get_EvictedForRoom_ComesFromTheDiskWithoutTheFactory()
    {
        await using var small = new OverflowNode(static options => options.Local.MaximumEntries = 1);
        for (var i = 0; i < 10; i++)
        {
            await small.SetAsync($"k{i}", $"v{i}");
        }

        await small.IsWrittenAsync();

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"v{i}", await small.GetAsync($"k{i}"));
            Assert.True(small.IsInL1($"k{i}"));
        }

        Assert.Equal(1, small.Cache.Node.Local.Local.Count);
    }

    [Fact]
    public async Task Get_NotWrittenYet_ComesFromTheQueue()
    {
        var gate = _node.Serializer.Writing = new Gate();
        await _node.SetAsync("k", "old");
        _node.Evict();
        await gate.Reached;

        Assert.False(_node.IsInL1("k"));
        Assert.Equal("old", await _node.GetAsync("k"));
    }

    [Fact]
    public async Task Get_MutableValue_EachCallerHasACopyOfItsOwn()
    {
        await _node.Cache.SetAsync("k", new List<int> { 1 }, cancellationToken: Cancel);
        await _node.EvictAsync();

        var first = await GetListAsync();
        first.Add(2);

        Assert.Equal([1], await GetListAsync());

        async Task<List<int>> GetListAsync() => await _node.Cache.GetOrCreateAsync<List<int>>("k", static _ => new([0]), cancellationToken: Cancel);
    }

    [Fact]
    public async Task Get_ManyCallersAtOnce_ShareOneRead()
    {
        await _node.SetOnDiskAsync("k", "old");
        var gate = _node.Serializer.Reading = new Gate();

        var calls = Enumerable.Range(0, 20).Select(_ => Task.Run(() => _node.GetAsync("k"), Cancel)).ToArray();
        await gate.Reached;
        gate.Open();

        Assert.All(await Task.WhenAll(calls), static text => Assert.Equal("old", text));
        Assert.Equal(1, gate.Arrivals);
    }

    [Fact]
    public async Task Get_CallerCancels_TheReadGoesOn()
    {
        await _node.SetOnDiskAsync("k", "old");
        var gate = _node.Serializer.Reading = new Gate();
        using var leaving = new CancellationTokenSource();

        var call = Task.Run(() => _node.Cache.TryGetAsync<Note>("k", leaving.Token).AsTask(), Cancel);
        await gate.Reached;
        await leaving.CancelAsync();

        // Or it has run so far on the call's own thread, and answers it.
        gate.Open();
        await Task.WhenAny(call);
        await Eventually.TrueAsync(() => _node.IsInL1("k"));
    }

    [Fact]
    public async Task TryGet_Evicted_IsFoundInL1WithItsAge()
    {
        await _node.SetOnDiskAsync("k", "old");
        _node.Time.Advance(TimeSpan.FromSeconds(10));

        var found = await _node.Cache.TryGetAsync<Note>("k", Cancel);

        Assert.Equal(("old", CacheLevel.L1), (found.Value?.Text, found.Level));
        Assert.Equal(TimeSpan.FromSeconds(10), found.Age);
        Assert.Equal(TimeSpan.FromSeconds(290), found.ExpiresIn);
    }

    [Fact]
    public async Task Batches_SomeEvicted_AllAreFoundAndTheFactoryMakesTheRest()
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(static i => $"k{i}")];
        await _node.Cache.SetManyAsync(keys.Select(static key => KeyValuePair.Create(key, new Note(key))), cancellationToken: Cancel);
        await _node.EvictAsync();
        await _node.SetAsync("inL1", "inL1");

        var found = await _node.Cache.GetManyAsync<Note>([.. keys[..50], "inL1", "nowhere"], Cancel);
        var made = new List<string>();
        var got = await _node.Cache.GetOrCreateManyAsync<Note>(
            [.. keys, "inL1", "nowhere"],
            (missing, _) =>
            {
                made.AddRange(missing);
                return new(missing.ToDictionary(static key => key, static key => new Note("made")));
            },
            cancellationToken: Cancel);

        Assert.Equal([.. keys[..50].Order(), "inL1"], found.Keys.Order().OrderBy(static key => key == "inL1"));
        Assert.Equal(["nowhere"], made);
        Assert.All(keys, key => Assert.Equal(key, got[key].Text));
        Assert.Equal("made", got["nowhere"].Text);
    }

    [Fact]
    public async Task Get_AsAnotherType_IsAMiss()
    {
        await _node.SetOnDiskAsync("k", "old");

        Assert.False((await _node.Cache.TryGetAsync<int>("k", Cancel)).Found);
        Assert.Equal("old", await _node.PeekAsync("k"));
    }

    [Fact]
    public async Task Get_WithoutReadingL1_IsNotAnsweredFromIt()
    {
        await _node.SetOnDiskAsync("k", "old");
        var options = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCacheRead };

        Assert.False((await _node.Cache.TryGetAsync<Note>("k", options, Cancel)).Found);
    }

    [Fact]
    public async Task Get_WithoutWritingL1_LeavesItWhereItIs()
    {
        await _node.SetOnDiskAsync("k", "old");
        var options = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCacheWrite };

        Assert.Equal("old", (await _node.Cache.TryGetAsync<Note>("k", options, Cancel)).Value?.Text);
        Assert.False(_node.IsInL1("k"));
        Assert.Equal("old", await _node.GetAsync("k"));
    }

    [Fact]
    public async Task Evict_ReadFromTheDiskBefore_IsNotWrittenAgain()
    {
        await _node.SetOnDiskAsync("k", "old");
        var bytes = _node.Level.Bytes;

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("old", await _node.GetAsync("k"));
            await _node.EvictAsync();
        }

        Assert.Equal((bytes, 1), (_node.Level.Bytes, _node.Level.Count));
    }

    [Fact]
    public async Task Get_Sliding_SlidesOnAsInL1()
    {
        var options = new LarderEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(10) };
        await _node.Cache.SetAsync("k", new Note("old"), options, cancellationToken: Cancel);
        for (var i = 0; i < 5; i++)
        {
            await _node.EvictAsync();
            _node.Time.Advance(TimeSpan.FromSeconds(9));
            Assert.Equal("old", await _node.PeekAsync("k"));
        }

        await _node.EvictAsync();
        _node.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await _node.PeekAsync("k"));
    }

    [Fact]
    public async Task Get_FailSafe_TheEntryIsKeptForItWhereL1HasItBackInTime()
    {
        var options = new LarderEntryOptions
        {
            Expiration = TimeSpan.FromSeconds(10),
            FailSafe = new FailSafeOptions { MaximumDuration = TimeSpan.FromHours(1) },
        };
        await _node.Cache.SetAsync("k", new Note("old"), options, cancellationToken: Cancel);
        await _node.EvictAsync();
        Assert.Equal("old", await _node.PeekAsync("k"));

        _node.Time.Advance(TimeSpan.FromMinutes(1));

        var value = await _node.Cache.GetOrCreateAsync<Note>("k", static _ => throw new InvalidOperationException("down"), options, cancellationToken: Cancel);
        Assert.Equal("old", value.Text);
    }

    [Fact]
    public async Task Get_ExpiredOnTheDisk_IsAMissAndForgotten()
    {
        await _node.SetOnDiskAsync("k", "old");
        _node.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(await _node.PeekAsync("k"));
        Assert.Equal(0, _node.Level.Count);
    }

    [Fact]
    public async Task Evict_HasExpired_IsNotWritten()
    {
        await _node.SetAsync("k", "old");
        _node.Time.Advance(TimeSpan.FromMinutes(5));

        await _node.EvictAsync();

        Assert.Equal((0, 0), (_node.Level.Count, _node.Level.Bytes));
    }

    [Fact]
    public async Task Get_AnotherEpoch_IsAMiss()
    {
        await _node.SetOnDiskAsync("k", "old");

        _node.Cache.Node.Trust.BeginEpoch();

        Assert.Null(await _node.PeekAsync("k"));
        Assert.Equal("made", await _node.GetAsync("k"));
    }

    [Fact]
    public async Task Evict_CannotBeSerialized_IsLeftOutAndSaidOnce()
    {
        await _node.SetAsync("k", NoteSerializer.Unserializable);
        await _node.SetAsync("l", NoteSerializer.Unserializable);
        await _node.SetAsync("m", "old");
        await _node.EvictAsync();

        Assert.Null(await _node.PeekAsync("k"));
        Assert.Equal("old", await _node.PeekAsync("m"));
        Assert.Single(_node.Log.Warnings, static text => text.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Explain_Evicted_SaysThatItIsOnTheDisk()
    {
        await _node.SetOnDiskAsync("k", "old");

        var explanation = await _node.Cache.ExplainAsync("k", Cancel);

        Assert.True(explanation.IsInOverflow);
        Assert.Contains("L1 has it on the disk", explanation.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_HitAndMiss_AreCountedAndARequestIsAHitInL1()
    {
        var measured = new List<(string Name, long Value, string? Result)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name.StartsWith("larder.overflow", StringComparison.Ordinal) || instrument.Name == LarderTelemetry.Requests)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var cache = tags.ToArray().First(static tag => tag.Key == LarderTelemetry.CacheTag).Value as string;
            if (cache == "metered")
            {
                measured.Add((instrument.Name, value, tags.ToArray().FirstOrDefault(static tag => tag.Key == LarderTelemetry.ResultTag).Value as string));
            }
        });
        listener.Start();
        await using var node = new OverflowNode(name: "metered");
        await node.SetOnDiskAsync("k", "old");
        var bytes = node.Level.Bytes;

        await node.GetAsync("k");
        await node.GetAsync("other");
        listener.RecordObservableInstruments();

        Assert.Contains((LarderTelemetry.OverflowReads, 1, "hit"), measured);
        Assert.Contains((LarderTelemetry.OverflowReads, 1, "miss"), measured);
        Assert.Contains((LarderTelemetry.OverflowEntries, 1, null), measured);
        Assert.Contains((LarderTelemetry.OverflowBytes, bytes, null), measured);
        Assert.Contains((LarderTelemetry.Requests, 1, "l1_hit"), measured);
        Assert.Contains((LarderTelemetry.Requests, 1, "miss"), measured);
    }
}
