using CsCheck;
using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class LocalCacheTests
{
    private static readonly long Empty = new TestEntry("k").Size;

    [Fact]
    public void TryGet_StoredEntry_IsFoundByStringAndSpan()
    {
        var cache = new LocalCache(new LocalOptions());
        var entry = new TestEntry("key");
        Assert.True(cache.Set(entry));

        Assert.True(cache.TryGet("key", out var found));
        Assert.Same(entry, found);
        Assert.True(cache.TryGet("a key".AsSpan(2), out found));
        Assert.Same(entry, found);
        Assert.False(cache.TryGet("Key", out _));
    }

    [Fact]
    public void Set_SameKey_ReplacesTheEntry()
    {
        var cache = new LocalCache(new LocalOptions());
        cache.Set(new TestEntry("k", 100));
        var newer = new TestEntry("k", 10);

        cache.Set(newer);

        Assert.True(cache.TryGet("k", out var found));
        Assert.Same(newer, found);
        Assert.Equal((1, newer.Size), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Set_MoreEntriesThanAllowed_EvictsWhatWasNotRead()
    {
        var cache = new LocalCache(new LocalOptions { MaximumEntries = 2 });
        cache.Set(new TestEntry("a"));
        cache.Set(new TestEntry("b"));
        Assert.True(cache.TryGet("a", out _));

        cache.Set(new TestEntry("c"));

        Assert.Equal(2, cache.Count);
        Assert.False(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("a", out _));
    }

    [Fact]
    public void Set_MoreBytesThanAllowed_EvictsUntilThereIsRoom()
    {
        var cache = new LocalCache(new LocalOptions { MaximumBytes = (3 * Empty) + 100 });
        cache.Set(new TestEntry("a"));
        cache.Set(new TestEntry("b"));
        cache.Set(new TestEntry("c"));

        cache.Set(new TestEntry("d", Empty + 100));

        Assert.Equal(2, cache.Count);
        Assert.True(cache.TryGet("c", out _));
        Assert.True(cache.TryGet("d", out _));
    }

    [Fact]
    public void Set_EntryLargerThanTheCache_IsNotStoredAndTheOldOneIsGone()
    {
        var cache = new LocalCache(new LocalOptions { MaximumBytes = 2 * Empty });
        cache.Set(new TestEntry("a"));
        cache.Set(new TestEntry("b"));

        Assert.False(cache.Set(new TestEntry("a", 2 * Empty)));

        Assert.False(cache.TryGet("a", out _));
        Assert.True(cache.TryGet("b", out _));
        Assert.Equal((1, Empty), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Clear_Everything_LeavesAnEmptyCacheThatWorks()
    {
        var cache = new LocalCache(new LocalOptions { MaximumEntries = 2 });
        cache.Set(new TestEntry("a"));
        cache.RemoveExpired(0, 1);
        cache.Clear();

        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
        Assert.False(cache.TryGet("a", out _));
        cache.Set(new TestEntry("b"));
        Assert.True(cache.TryGet("b", out _));
    }

    [Fact]
    public void RemoveExpired_InSteps_ComesAroundToEveryEntry()
    {
        var cache = new LocalCache(new LocalOptions());
        for (var i = 0; i < 10; i++)
        {
            cache.Set(new TestEntry($"{i}") { ExpiresAt = i % 2 == 0 ? 100 : MonotonicClock.Never });
        }

        Assert.Equal(0, cache.RemoveExpired(99, 10));
        var dropped = Enumerable.Range(0, 6).Sum(_ => cache.RemoveExpired(100, 2));

        Assert.Equal(5, dropped);
        Assert.Equal(5, cache.Count);
        Assert.True(cache.TryGet("1", out _));
        Assert.False(cache.TryGet("2", out _));
    }

    [Fact]
    public void Any_SeriesOfOperations_KeepsTheBoundsAndWhatItSays()
    {
        var operation = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 15], Gen.Long[0, 400]);
        operation.Array[1, 200].Sample(operations =>
        {
            var cache = new LocalCache(new LocalOptions { MaximumEntries = 5, MaximumBytes = 6 * Empty });
            var stored = new Dictionary<string, LocalEntry>(StringComparer.Ordinal);
            foreach (var (kind, number, size) in operations)
            {
                var key = $"{number:X}";
                switch (kind)
                {
                    case 0:
                        cache.Remove(key);
                        Assert.False(cache.TryGet(key, out _));
                        break;
                    case 1:
                        cache.RemoveExpired(now: 50, limit: 3);
                        break;
                    case < 5:
                        Assert.True(!cache.TryGet(key, out var found) || ReferenceEquals(found, stored[key]));
                        break;
                    default:
                        stored[key] = new TestEntry(key, size) { ExpiresAt = size };
                        Assert.Equal(cache.Set(stored[key]), cache.TryGet(key, out _));
                        break;
                }

                var present = stored.Values.Where(entry => cache.TryGet(entry.Key, out _)).ToArray();
                Assert.Equal((present.Length, present.Sum(entry => entry.Size)), (cache.Count, cache.Bytes));
                Assert.True(cache.Count <= 5 && cache.Bytes <= 6 * Empty);
            }
        });
    }
}
