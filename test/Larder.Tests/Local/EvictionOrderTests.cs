using Larder.Local;
using Microsoft.Extensions.Caching.Memory;
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
    public void Next_PopularOnceAndUnreadSince_YieldsToTheThirdNewcomerThatWasRead()
    {
        var entries = WithSettledPartFull(readsOfNext: 1);
        for (var i = 0; i < 2; i++)
        {
            Read(entries[Settled + i], i);
            Assert.Equal(entries[Settled + i].Key, Evict());
            Add($"after {i}");
        }

        Read(entries[Settled + 2], 1);
        Assert.Equal(entries[0].Key, Evict());
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

    [Fact]
    public void Next_SettledEntriesOfEachPriority_LowLeaveFirstAndHighLast()
    {
        var entries = WithSettledPartFull(readsOfNext: 1, static i => (i < Settled ? i % 3 : 2) switch
        {
            0 => CacheItemPriority.High,
            1 => CacheItemPriority.Normal,
            _ => CacheItemPriority.Low,
        });
        Assert.Equal(entries[Settled].Key, Evict());
        var settled = entries[..Settled].Where(entry => entry.IsSettled).ToArray();
        Assert.Equal(Settled, settled.Length);
        foreach (var entry in entries[(Settled + 1)..])
        {
            _order.Remove(entry);
        }

        var left = settled.Select(_ => Evict()).ToArray();

        Assert.Equal(settled.OrderBy(entry => entry.Priority).Select(entry => entry.Key), left);
    }

    [Fact]
    public void Next_NewcomerOfHigherPriority_TakesTheRoomOfOneThatIsAskedForMoreOften()
    {
        var entries = WithSettledPartFull(readsOfNext: 0, static i => i == Settled ? CacheItemPriority.High : CacheItemPriority.Normal);

        Assert.Equal(entries[0].Key, Evict());
        Add("after");
        Evict();
        Assert.True(entries[Settled].IsSettled);
    }

    [Fact]
    public void Next_NewcomerOfLowerPriority_LeavesHoweverOftenItWasRead()
    {
        var entries = WithSettledPartFull(readsOfNext: 3, static i => i == Settled ? CacheItemPriority.Low : CacheItemPriority.Normal);

        Assert.Equal(entries[Settled].Key, Evict());
    }

    [Fact]
    public void Next_ScanOfNormalEntries_TakesLowOnesAndLeavesHighOnes()
    {
        var high = AddOf(CacheItemPriority.High, "h1", "h2");
        var low = AddOf(CacheItemPriority.Low, "l1", "l2");
        Add("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p");
        Array.ForEach(low, static entry => entry.Visit());
        Evict();
        Assert.All(high, entry => Assert.True(entry.IsSettled));
        Assert.All(low.Where(entry => entry.Key == "l2"), entry => Assert.True(entry.IsSettled));

        var left = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            Add($"once {i}");
            left.Add(Evict());
        }

        Assert.Contains("l2", left);
        Assert.DoesNotContain("h1", left);
        Assert.DoesNotContain("h2", left);
    }

    [Fact]
    public void Next_NeverRemove_StaysWhileThereIsAnythingElseAndThenTheOldestLeaves()
    {
        AddOf(CacheItemPriority.NeverRemove, "k1", "k2", "k3");
        Add("a");
        AddOf(CacheItemPriority.High, "h");
        AddOf(CacheItemPriority.NeverRemove, "k4");

        Assert.Equal(["a", "h"], new[] { Evict(), Evict() }.Order());
        Assert.Equal(["k1", "k2", "k3", "k4"], [Evict(), Evict(), Evict(), Evict()]);
        Assert.Equal((0, 0L), (_order.Count, _order.Bytes));
    }

    [Fact]
    public void Next_MostOfTheEntriesAreNeverRemoved_TheOthersCompeteAsIfTheyWereAlone()
    {
        AddOf(CacheItemPriority.NeverRemove, [.. Enumerable.Range(0, 1000).Select(i => $"kept {i}")]);
        Next_NewcomerThatWasRead_SettlesAndScansPassBy();
        Assert.Equal(1009, _order.Count);
    }

    [Fact]
    public void Remove_EachPriorityInEachPart_CountsAndBytesAgree()
    {
        var priorities = Enum.GetValues<CacheItemPriority>();
        var entries = WithSettledPartFull(readsOfNext: 1, i => priorities[i % priorities.Length]).ToList();
        var evicted = Evict();
        entries.RemoveAll(entry => entry.Key == evicted);
        var random = new Random(1);
        while (entries.Count > 0)
        {
            var entry = entries[random.Next(entries.Count)];
            entries.Remove(entry);
            _order.Remove(entry);
            Assert.Equal((entries.Count, entries.Sum(static one => one.Size)), (_order.Count, _order.Bytes));
        }
    }

    // A hundred entries, of which the first that are read once are as many as settle: their reads give the window its largest share.
    private TestEntry[] WithSettledPartFull(int readsOfNext, Func<int, CacheItemPriority>? priorityOf = null)
    {
        TestEntry[] entries = [.. Enumerable.Range(0, 100).Select(i => new TestEntry($"{i:D2}", 0, priorityOf?.Invoke(i) ?? CacheItemPriority.Normal))];
        Array.ForEach(entries, _order.Add);
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

    private TestEntry[] Add(params string[] keys) => AddOf(CacheItemPriority.Normal, keys);

    private TestEntry[] AddOf(CacheItemPriority priority, params string[] keys)
    {
        var entries = keys.Select(key => new TestEntry(key, 0, priority)).ToArray();
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
