using System.Collections.Concurrent;
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
    public void Move_InParts_EachIsFoundAfterEachPart()
    {
        var entries = Enumerable.Range(0, 4 * EntryTable.LeastChains + 1).Select(i => new TestEntry($"{i}")).ToArray();
        foreach (var entry in entries)
        {
            _table.Add_NeedsLock(entry);
        }

        var parts = 0;
        for (var isOver = false; !isOver; parts++)
        {
            Assert.All(entries, entry => Assert.Same(entry, _table.Find(entry.Key)));
            isOver = _table.Move_NeedsLock(10);
        }

        Assert.InRange(parts, 4 * EntryTable.LeastChains / 10, (4 * EntryTable.LeastChains / 10) + 1);
        Assert.All(entries, entry => Assert.Same(entry, _table.Find(entry.Key)));
        Assert.True(_table.Move_NeedsLock(0));
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
    public void Remove_AnyOfAChainOfEqualHashes_LeavesTheOthers()
    {
        // The same chain as long as the table has not grown, and the same part of the hash in the entry: only keys differ.
        var entries = KeysThatCollide().Take(6).Select(key => new TestEntry(key)).ToArray();
        for (var removed = 0; removed < entries.Length; removed++)
        {
            var table = new EntryTable(_gate);
            foreach (var entry in entries)
            {
                table.Add_NeedsLock(entry);
            }

            Assert.All(entries, entry => Assert.Same(entry, table.Find(entry.Key)));
            table.Remove_NeedsLock(entries[removed]);
            foreach (var entry in entries)
            {
                Assert.Same(entry == entries[removed] ? null : entry, table.Find(entry.Key));
            }
        }
    }

    [Fact]
    public async Task Find_PresentKeysWhileItGrows_NeverMisses()
    {
        const int most = 200_000;
        var present = 0;
        var missed = new ConcurrentQueue<string>();
        var readers = Enumerable.Range(1, 2).Select(seed => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(seed);
                for (var some = 0; some < most; some = Volatile.Read(ref present))
                {
                    var key = $"{random.Next(some)}";
                    if (some > 0 && _table.Find(key)?.Key != key)
                    {
                        missed.Enqueue(key);
                    }
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();

        // Each third leaves again: readers stand on entries that are removed, too.
        for (var i = 0; i < most; i++)
        {
            var passing = new TestEntry($"passing {i}");
            lock (_gate)
            {
                _table.Add_NeedsLock(passing);
                _table.Add_NeedsLock(new TestEntry($"{i}"));
            }

            Volatile.Write(ref present, i + 1);
            lock (_gate)
            {
                _table.Remove_NeedsLock(passing);
            }
        }

        await Task.WhenAll(readers);
        Assert.Empty(missed);
    }

    [Fact]
    public void Take_TableGrowsBetweenParts_TakesEachThatWasThere()
    {
        var entries = Enumerable.Range(0, 1000).Select(i => new TestEntry($"{i}")).ToArray();
        foreach (var entry in entries)
        {
            _table.Add_NeedsLock(entry);
        }

        var taken = new List<LocalEntry>();
        var parts = 0;
        for (int? from = 0; from is not null; parts++)
        {
            from = _table.Take_NeedsLock(from.Value, 64, taken);

            // Slower than the walk, so that it ends, and through more than one doubling.
            for (var i = 0; i < 48; i++)
            {
                _table.Add_NeedsLock(new TestEntry($"{parts}, {i}"));
            }
        }

        Assert.InRange(parts, 1000 / 64 * 2, int.MaxValue);
        Assert.Empty(entries.Except(taken));
    }

    [Fact]
    public void Take_FromBehindTheEndOfAClearedTable_IsTheEnd()
    {
        _table.Clear_NeedsLock();

        var taken = new List<LocalEntry>();
        Assert.Null(_table.Take_NeedsLock(100_000, 512, taken));
        Assert.Empty(taken);
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
    private static IEnumerable<string> KeysThatCollide()
    {
        const ulong compared = 0xFF_0000_0000 | (EntryTable.LeastChains - 1);
        var hash = KeyHash.Of("0") & compared;
        return Enumerable.Range(0, int.MaxValue).Select(i => $"{i}").Where(key => (KeyHash.Of(key) & compared) == hash);
    }
}
