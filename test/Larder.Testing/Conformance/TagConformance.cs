using Larder.Stores;
using Xunit;

namespace Larder.Testing.Conformance;

/// <summary>The tag clock: it only grows, remembers each tag's last number, and begins anew where it was lost.</summary>
public abstract class TagConformance : LeaseConformance
{
    [Fact]
    public async Task ReadTags_NeverInvalidated_Zero()
    {
        var store = await StartAsync();

        var reading = await store.ReadTagsAsync(["a", "b"], Cancel);

        Assert.False(string.IsNullOrEmpty(reading.Now.Generation));
        Assert.Equal([0, 0], reading.Numbers);
    }

    [Fact]
    public async Task ReadTags_WithoutTags_TheClockAlone()
    {
        var store = await StartAsync();
        var after = await store.InvalidateTagsAsync(["a"], Cancel);

        var reading = await store.ReadTagsAsync([], Cancel);

        Assert.Equal(after.Now, reading.Now);
        Assert.Empty(reading.Numbers);
    }

    [Fact]
    public async Task InvalidateTags_SomeTags_RecordsTheNewNumberUnderEach()
    {
        var store = await StartAsync();
        var before = await store.ReadTagsAsync([], Cancel);

        var after = await store.InvalidateTagsAsync(["a", "b"], Cancel);

        Assert.Equal(before.Now.Generation, after.Now.Generation);
        Assert.True(after.Now.Number > before.Now.Number);
        Assert.Equal([after.Now.Number, after.Now.Number], after.Numbers);
        var reading = await store.ReadTagsAsync(["b", "other", "a"], Cancel);
        Assert.Equal(after.Now, reading.Now);
        Assert.Equal([after.Now.Number, 0, after.Now.Number], reading.Numbers);
    }

    [Fact]
    public async Task InvalidateTags_OneAfterTheOther_NumbersGrowAndTheFirstKeepsItsOwn()
    {
        var store = await StartAsync();

        var first = await store.InvalidateTagsAsync(["a"], Cancel);
        var second = await store.InvalidateTagsAsync(["b"], Cancel);

        Assert.True(second.Now.Number > first.Now.Number);
        Assert.Equal([first.Now.Number, second.Now.Number], (await store.ReadTagsAsync(["a", "b"], Cancel)).Numbers);
    }

    [Fact]
    public async Task InvalidateTags_TheSameAgain_ALargerNumber()
    {
        var store = await StartAsync();
        var first = await store.InvalidateTagsAsync(["a"], Cancel);

        var second = await store.InvalidateTagsAsync(["a"], Cancel);

        Assert.True(second.Numbers[0] > first.Numbers[0]);
        Assert.Equal(second.Numbers, (await store.ReadTagsAsync(["a"], Cancel)).Numbers);
    }

    [Fact]
    public async Task InvalidateTags_ByTwoNodesInTurn_OneClock()
    {
        var a = await StartAsync("a");
        var b = await StartAsync("b");

        var first = await a.InvalidateTagsAsync(["a"], Cancel);
        var second = await b.InvalidateTagsAsync(["b"], Cancel);
        var third = await a.InvalidateTagsAsync(["c"], Cancel);

        Assert.Equal(first.Now.Generation, second.Now.Generation);
        Assert.True(first.Now.Number < second.Now.Number && second.Now.Number < third.Now.Number);
        Assert.Equal([first.Now.Number, second.Now.Number, third.Now.Number], (await b.ReadTagsAsync(["a", "b", "c"], Cancel)).Numbers);
    }

    [Fact]
    public async Task InvalidateTags_ManyAtOnceOnOneNode_EachHasItsOwnNumber()
    {
        var store = await StartAsync();

        var readings = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.InvalidateTagsAsync([$"t{i}"], Cancel).AsTask()));

        Assert.Equal(50, readings.Select(reading => reading.Now.Number).Distinct().Count());
        var now = await store.ReadTagsAsync([.. Enumerable.Range(0, 50).Select(i => $"t{i}")], Cancel);
        Assert.Equal(readings.Select(reading => reading.Numbers[0]), now.Numbers);
        Assert.Equal(readings.Max(reading => reading.Now.Number), now.Now.Number);
    }

    [Fact]
    public async Task InvalidateTags_ManyAtOnceOnTwoNodes_EachHasItsOwnNumber()
    {
        var a = await StartAsync(StoreCapabilities.AtomicTags);
        var b = await StartAsync("b");

        var readings = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? a : b).InvalidateTagsAsync([$"t{i}"], Cancel).AsTask()));

        Assert.Equal(100, readings.Select(reading => reading.Now.Number).Distinct().Count());
        Assert.Equal(readings.Max(reading => reading.Now.Number), (await a.ReadTagsAsync([], Cancel)).Now.Number);
    }

    [Fact]
    public async Task Pulse_AfterInvalidations_TheClock()
    {
        var a = await StartAsync("a");
        var b = await StartAsync("b");
        var after = await a.InvalidateTagsAsync(["a"], Cancel);

        var pulse = await b.PulseAsync(1, Cancel);

        Assert.Equal(after.Now, pulse.Now);
        Assert.Empty(pulse.Numbers);
    }

    [Fact]
    public async Task InvalidateTags_OddNames_EachIsItsOwn()
    {
        var store = await StartAsync();
        await store.SetAsync("a", Value("entry"), Cancel);
        var numbers = new List<long>();
        foreach (var tag in OddKeys)
        {
            numbers.Add((await store.InvalidateTagsAsync([tag], Cancel)).Now.Number);
        }

        Assert.Equal(numbers, (await store.ReadTagsAsync(OddKeys, Cancel)).Numbers);
        Assert.Equal("entry", await ReadTextAsync(store, "a"));
    }

    [Fact]
    public async Task InvalidateTags_ThousandTagsAtOnce_AllRecorded()
    {
        var store = await StartAsync();
        var tags = Enumerable.Range(0, 1_000).Select(i => $"tag{i}").ToArray();

        var after = await store.InvalidateTagsAsync(tags, Cancel);

        Assert.All((await store.ReadTagsAsync(tags, Cancel)).Numbers, number => Assert.Equal(after.Now.Number, number));
    }

    [Fact]
    public async Task InvalidateTags_TheSameTagTwiceInOneCall_OneInvalidation()
    {
        var store = await StartAsync();

        var after = await store.InvalidateTagsAsync(["a", "a"], Cancel);

        Assert.Equal([after.Now.Number, after.Now.Number], after.Numbers);
        Assert.Equal([after.Now.Number, after.Now.Number], (await store.ReadTagsAsync(["a", "a"], Cancel)).Numbers);
    }

    [Fact]
    public async Task InvalidateTags_OfAnotherCache_ChangesNothingHere()
    {
        var one = await StartAsync();
        var other = await StartAsync(prefix: Prefix + "other:");
        var before = await one.ReadTagsAsync(["a"], Cancel);

        await other.InvalidateTagsAsync(["a"], Cancel);

        var after = await one.ReadTagsAsync(["a"], Cancel);
        Assert.Equal(before.Now, after.Now);
        Assert.Equal([0], after.Numbers);
    }

    [Fact]
    public async Task Flush_LosesTheCounter_ANewGenerationBeginsForAllNodes()
    {
        var a = await StartAsync("a");
        var b = await StartAsync("b");
        var before = await a.InvalidateTagsAsync(["a"], Cancel);
        await b.ReadTagsAsync(["a"], Cancel);

        await FlushAsync();

        var seenByA = await a.ReadTagsAsync(["a"], Cancel);
        var seenByB = await b.PulseAsync(1, Cancel);
        Assert.NotEqual(before.Now.Generation, seenByA.Now.Generation);
        Assert.False(string.IsNullOrEmpty(seenByA.Now.Generation));
        Assert.Equal([0], seenByA.Numbers);
        Assert.Equal(seenByA.Now, seenByB.Now);
    }

    [Fact]
    public async Task InvalidateTags_RightAfterTheCounterWasLost_InTheNewGeneration()
    {
        var store = await StartAsync();
        var before = await store.InvalidateTagsAsync(["a"], Cancel);
        await FlushAsync();

        var after = await store.InvalidateTagsAsync(["b"], Cancel);

        Assert.NotEqual(before.Now.Generation, after.Now.Generation);
        var reading = await store.ReadTagsAsync(["a", "b"], Cancel);
        Assert.Equal(after.Now, reading.Now);
        Assert.Equal([0, after.Now.Number], reading.Numbers);
    }
}
