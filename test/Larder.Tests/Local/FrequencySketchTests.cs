using CsCheck;
using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class FrequencySketchTests
{
    private readonly FrequencySketch _sketch = new();

    [Fact]
    public void Estimate_CountedKeys_IsTheirCountAndNoMoreThanFifteen()
    {
        _sketch.Count("a");
        _sketch.Count("b", 3);
        _sketch.Count("c", 40);

        Assert.Equal((1, 3, 15, 0), (_sketch.Estimate("a"), _sketch.Estimate("b"), _sketch.Estimate("c"), _sketch.Estimate("d")));
    }

    [Fact]
    public void MakeRoomFor_MoreEntries_KeepsWhatWasCounted()
    {
        _sketch.Count("a", 7);
        for (var entries = 1; entries < 100_000; entries++)
        {
            _sketch.MakeRoomFor(entries);
            Assert.Equal(7, _sketch.Estimate("a"));
        }
    }

    [Fact]
    public void MakeRoomFor_CountsOfWhatIsNotLookedAtMeanwhile_AreHalvedAsOthersAre()
    {
        var counts = Enumerable.Range(0, 16).ToDictionary(i => $"{i}", i => i);
        foreach (var (key, count) in counts)
        {
            _sketch.Count(key, count);
        }

        for (var halvings = 1; halvings <= 3; halvings++)
        {
            // "new" is counted as often as halves all; most pages don't know of it when they are copied.
            _sketch.Count("new", FrequencySketch.Memory * FrequencySketch.PageLength * 64);
            for (var entries = 0; entries < halvings * 10 * 1024; entries++)
            {
                _sketch.MakeRoomFor(entries);
            }
        }

        Assert.All(counts, pair => Assert.Equal(pair.Value >> 3, _sketch.Estimate(pair.Key)));
    }

    [Fact]
    public void Count_MoreHalvingsThanACounterHasBits_IsZeroAndCountsAgain()
    {
        _sketch.Count("old", 15);
        for (var i = 0; i < 9; i++)
        {
            _sketch.Count("new", FrequencySketch.Memory * FrequencySketch.PageLength);
        }

        Assert.Equal(0, _sketch.Estimate("old"));
        _sketch.Count("old", 5);
        Assert.Equal(5, _sketch.Estimate("old"));
    }

    [Fact]
    public void Estimate_AnySeriesOfOperations_IsNeverLessThanTheCount() =>
        Gen.Int[0, 500].Array[1, 2000].Sample(operations =>
        {
            const int most = 15;
            var sketch = new FrequencySketch();
            var (counts, pages) = (new int[400], 1);
            foreach (var number in operations)
            {
                if (number < counts.Length)
                {
                    sketch.Count($"{number}");
                    counts[number] = Math.Min(most, counts[number] + 1);
                }
                else if (number % 4 == 0)
                {
                    sketch.Count("all", FrequencySketch.Memory * FrequencySketch.PageLength * pages);
                    counts = [.. counts.Select(static count => count / 2)];
                }
                else
                {
                    sketch.MakeRoomFor((1024 * pages++) + 1);
                }
            }

            for (var number = 0; number < counts.Length; number++)
            {
                Assert.InRange(sketch.Estimate($"{number}"), counts[number], most);
            }
        });

    [Fact]
    public void Count_ManyTimes_HalvesWhatWasLongAgo()
    {
        _sketch.Count("old", 12);
        for (var i = 0; i < FrequencySketch.Memory * FrequencySketch.PageLength; i++)
        {
            _sketch.Count("new");
        }

        Assert.Equal(6, _sketch.Estimate("old"));
    }

    [Fact]
    public void Estimate_KeysNotCounted_AreSeldomMistakenForOthers()
    {
        for (var i = 0; i < 1000; i++)
        {
            _sketch.Count($"{i}", 4);
        }

        var mistaken = Enumerable.Range(10_000, 1000).Count(i => _sketch.Estimate($"{i}") > 0);
        Assert.InRange(mistaken, 0, 100);
    }

    [Fact]
    public void Clear_Everything_ForgetsIt()
    {
        _sketch.Count("a");
        _sketch.Clear();

        Assert.Equal(0, _sketch.Estimate("a"));
    }
}
