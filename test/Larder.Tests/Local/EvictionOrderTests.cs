using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class EvictionOrderTests
{
    private const int Settled = 75;

    private readonly EvictionOrder _order = new();

    [Fact]
    public void Next_NoneWasRead_LeaveInTheOrderInWhichTheyCame()
    {
        Add("a", "b", "c", "d");

        Assert.Equal(["a", "b", "c", "d"], [Evict(), Evict(), Evict(), Evict()]);
    }

    [Fact]
    public void Next_NewcomerThatWasRead_SettlesAndScansPassBy()
    {
        var read = Add("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")[0];
        read.Visit();

        Assert.Equal("b", Evict());
        Assert.True(read.IsSettled);
        for (var i = 0; i < 100; i++)
        {
            Add($"once {i}");
            Assert.NotEqual("a", Evict());
        }
    }

    [Fact]
    public void Next_KeyThatComesAgainAfterItWasEvicted_SettlesWithoutBeingRead()
    {
        Add("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        Assert.Equal("a", Evict());
        var again = Add("a")[0];
        for (var i = 0; i < 10; i++)
        {
            Evict();
            Add($"once {i}");
        }

        Assert.True(again.IsSettled);
    }

    [Fact]
    public void Next_NewcomerAskedForMoreOftenThanASettledOne_TakesItsPlace()
    {
        var entries = WithSettledPartFull(readsOfNext: 3);

        Assert.Equal(entries[0].Key, Evict());
        Assert.False(entries[Settled].IsSettled);
        Add("after");
        Evict();
        Assert.True(entries[Settled].IsSettled);
    }

    [Fact]
    public void Next_NewcomerAskedForNoMoreOftenThanASettledOne_Leaves()
    {
        var entries = WithSettledPartFull(readsOfNext: 1);

        Assert.Equal(entries[Settled].Key, Evict());
    }

    [Fact]
    public void Next_SettledEntryWithReads_GoesRoundOnceMore()
    {
        var entries = WithSettledPartFull(readsOfNext: 1);
        Evict();
        Add("after");
        entries[0].Visit();
        Read(entries[Settled + 1], 3);

        Assert.Equal(entries[1].Key, Evict());
        Assert.Equal(0, entries[0].Reads);
    }

    [Fact]
    public void Next_EverythingIsReadAllTheTime_EndsAllTheSame()
    {
        var entries = Add([.. Enumerable.Range(0, 1000).Select(i => $"{i}")]);
        Array.ForEach(entries, entry => Read(entry, 3));

        var looked = entries.Sum(entry => entry.Reads);
        Evict();

        Assert.InRange(looked - entries.Sum(entry => entry.Reads), 1, 600);
    }

    [Fact]
    public void Next_LastEntryOfAll_IsIt()
    {
        Add("a");

        Assert.Equal("a", Evict());
        Assert.Equal((0, 0L), (_order.Count, _order.Bytes));
    }

    [Fact]
    public void Add_EntryThatHadSettledBefore_BeginsInTheWindowAgain()
    {
        var entry = WithSettledPartFull(readsOfNext: 1)[0];
        Evict();
        Assert.True(entry.IsSettled);
        _order.Remove(entry);

        _order.Add(entry);
        _order.Remove(entry);

        Assert.Equal((98, 98 * entry.Size), (_order.Count, _order.Bytes));
    }

    [Fact]
    public void Remove_EntriesOfBothParts_CountsAndBytesAgree()
    {
        var entries = Add("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        entries[0].Visit();
        Assert.Equal("b", Evict());
        Assert.Contains(entries, entry => entry.IsSettled);
        Assert.Contains(entries, entry => !entry.IsSettled);

        foreach (var entry in entries[2..6].Append(entries[0]))
        {
            _order.Remove(entry);
        }

        Assert.Equal((4, entries[6..].Sum(entry => entry.Size)), (_order.Count, _order.Bytes));
    }

    // A hundred entries, of which the first that are read once are as many as settle: their reads give the window its largest share.
    private TestEntry[] WithSettledPartFull(int readsOfNext)
    {
        var entries = Add([.. Enumerable.Range(0, 100).Select(i => $"{i:D2}")]);
        foreach (var entry in entries[..Settled])
        {
            entry.Visit();
        }

        Read(entries[Settled], readsOfNext);
        return entries;
    }

    private static void Read(TestEntry entry, int times)
    {
        for (var i = 0; i < times; i++)
        {
            entry.Visit();
        }
    }

    private TestEntry[] Add(params string[] keys)
    {
        var entries = keys.Select(key => new TestEntry(key)).ToArray();
        Array.ForEach(entries, _order.Add);
        return entries;
    }

    private string Evict()
    {
        var entry = _order.Next(new TestEntry("k").Size);
        _order.Remove(entry);
        return entry.Key;
    }
}
