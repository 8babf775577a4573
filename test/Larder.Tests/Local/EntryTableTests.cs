using CsCheck;
using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class EntryTableTests
{
    private readonly Lock _gate = new();
    private readonly EntryTable _table;

    public EntryTableTests() => _table = new EntryTable(_gate);

    [Fact]
    public void Find_ManyEntriesAndGrowth_FindsEachAndNoOther()
    {
        var entries = Enumerable.Range(0, 10_000).Select(i => new TestEntry($"{i}")).ToArray();
        foreach (var entry in entries)
        {
            _table.Add_NeedsLock(entry);
        }

        Assert.All(entries, entry => Assert.Same(entry, _table.Find(entry.Key)));
        Assert.Null(_table.Find("10000"));
        Assert.Null(_table.Find(""));
    }

    [Fact]
    public void Remove_EntryOnWhichAReaderStands_ReaderGoesOnToWhatIsBehind()
    {
        // As many as there are places before the table grows: that each has one of its own will not happen.
        var entries = Enumerable.Range(0, 64).Select(i => new TestEntry($"{i}")).ToArray();
        foreach (var entry in entries)
        {
            _table.Add_NeedsLock(entry);
        }

        var standing = entries.First(entry => entry.Next is not null);
        var behind = standing.Next;
        _table.Remove_NeedsLock(standing);

        Assert.Null(_table.Find(standing.Key));
        Assert.Same(behind, standing.Next);
        Assert.Same(behind, _table.Find(behind!.Key));
    }

    [Fact]
    public void Clear_Everything_FindsNothingUntilItIsAddedAgain()
    {
        _table.Add_NeedsLock(new TestEntry("a"));
        _table.Clear_NeedsLock();

        Assert.Null(_table.Find("a"));
        _table.Add_NeedsLock(new TestEntry("a"));
        Assert.NotNull(_table.Find("a"));
    }

    [Fact]
    public void Any_SeriesOfOperations_AgreesWithADictionary() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 300]).Array[1, 600].Sample(operations =>
        {
            var table = new EntryTable(new Lock());
            var model = new Dictionary<string, TestEntry>(StringComparer.Ordinal);
            foreach (var (isAdded, number) in operations)
            {
                var key = $"{number}";
                if (model.Remove(key, out var old))
                {
                    table.Remove_NeedsLock(old);
                }

                if (isAdded)
                {
                    table.Add_NeedsLock(model[key] = new TestEntry(key));
                }
            }

            for (var number = 0; number <= 300; number++)
            {
                Assert.Same(model.GetValueOrDefault($"{number}"), table.Find($"{number}"));
            }
        });
}
