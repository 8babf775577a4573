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
        for (var entries = 1; entries < 100_000; entries *= 2)
        {
            _sketch.MakeRoomFor(entries);
        }

        Assert.Equal(7, _sketch.Estimate("a"));
    }

    [Fact]
    public void Count_ManyTimes_HalvesWhatWasLongAgo()
    {
        _sketch.Count("old", 12);
        for (var i = 0; i < 13 * 1024; i++)
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
