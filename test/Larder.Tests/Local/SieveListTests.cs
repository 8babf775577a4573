using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class SieveListTests
{
    private readonly SieveList _list = new();

    [Fact]
    public void Next_NoneIsVisited_EvictsInTheOrderOfInsertion()
    {
        Add("a", "b", "c");

        Assert.Equal(["a", "b", "c"], Evict(3));
    }

    [Fact]
    public void Next_OldestIsVisited_IsPassedAndLosesItsMark()
    {
        var entries = Add("a", "b", "c");
        entries[0].IsVisited = true;

        Assert.Equal(["b"], Evict(1));
        Assert.False(entries[0].IsVisited);
    }

    [Fact]
    public void Next_HandHasPassedTheOldest_GoesOnFromWhereItWas()
    {
        var entries = Add("a", "b", "c", "d");
        entries[0].IsVisited = true;
        entries[1].IsVisited = true;

        // The example of the paper: survivors keep their place, the hand does not begin anew.
        Assert.Equal(["c", "d", "a", "b"], Evict(4));
    }

    [Fact]
    public void Next_NewestIsReached_BeginsAtTheOldestAgain()
    {
        var entries = Add("a", "b");
        foreach (var entry in entries)
        {
            entry.IsVisited = true;
        }

        Assert.Equal(["a"], Evict(1));
    }

    [Fact]
    public void Next_EntryAddedWhileTheHandIsInTheMiddle_WaitsForItsTurn()
    {
        var entries = Add("a", "b", "c");
        entries[0].IsVisited = true;
        Assert.Equal(["b"], Evict(1));
        Add("d");

        Assert.Equal(["c", "d", "a"], Evict(3));
    }

    [Fact]
    public void Remove_EntryUnderTheHand_HandGoesOnToTheNewer()
    {
        var entries = Add("a", "b", "c", "d");
        entries[0].IsVisited = true;
        var next = _list.Next();
        Assert.Equal("b", next.Key);

        _list.Remove(next);
        _list.Remove(entries[2]);

        Assert.Equal(["d", "a"], Evict(2));
    }

    [Fact]
    public void Remove_OldestNewestAndOnly_LeavesAListThatWorks()
    {
        var entries = Add("a", "b", "c");
        _list.Remove(entries[0]);
        _list.Remove(entries[2]);
        Assert.Same(entries[1], _list.Oldest);

        _list.Remove(entries[1]);
        Assert.Null(_list.Oldest);

        Add("e");
        Assert.Equal(["e"], Evict(1));
    }

    private TestEntry[] Add(params string[] keys)
    {
        var entries = keys.Select(key => new TestEntry(key)).ToArray();
        foreach (var entry in entries)
        {
            _list.Add(entry);
        }

        return entries;
    }

    private List<string> Evict(int count)
    {
        var evicted = new List<string>();
        while (count-- > 0)
        {
            var next = _list.Next();
            _list.Remove(next);
            evicted.Add(next.Key);
        }

        return evicted;
    }
}
