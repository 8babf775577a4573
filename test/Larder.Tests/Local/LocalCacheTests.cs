using CsCheck;
using Larder.Local;
using Microsoft.Extensions.Caching.Memory;
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
        Assert.Same(entry, cache.Get("a key".AsSpan(2)));
        Assert.False(cache.TryGet("Key", out _));
    }

    [Fact]
    public void Evicted_IsTold_WhileTheTableStillHasTheEntry()
    {
        var told = new List<(LocalEntry Entry, bool IsThere)>();
        LocalCache? cache = null;
        cache = new LocalCache(new LocalOptions { MaximumEntries = 1 }) { Evicted = entry => told.Add((entry, cache!.TryPeek(entry.Key, out _))) };
        var first = new TestEntry("first");
        cache.Set(first);

        cache.Set(new TestEntry("second"));

        Assert.Equal([(first, true)], told);
        Assert.False(cache.TryPeek("first", out _));
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

        Assert.Equal((2, (3 * Empty) + 100), (cache.Count, cache.Bytes));
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
    public void Set_FloodOverEntriesNeverRemoved_TheyStayAndTheBoundsHold()
    {
        var options = new LocalOptions { MaximumEntries = 50, MaximumBytes = 1_000 + (50 * (Empty + 10)) };
        var cache = new LocalCache(options);
        var kept = Enumerable.Range(0, 10).Select(i => new TestEntry($"kept {i}", 0, CacheItemPriority.NeverRemove)).ToArray();
        Array.ForEach(kept, entry => cache.Set(entry));

        for (var i = 0; i < 10_000; i++)
        {
            var entry = new TestEntry($"{i}", i % 500, (CacheItemPriority)(i % 3));
            Assert.True(cache.Set(entry));
            entry.Visit();
            Assert.InRange(cache.Count, 1, options.MaximumEntries);
            Assert.InRange(cache.Bytes, 1, options.MaximumBytes);
        }

        Assert.All(kept, entry => Assert.True(cache.TryPeek(entry.Key, out _)));
    }

    [Fact]
    public void Set_NothingButEntriesNeverRemoved_TheOldestLeaveAndTheBoundsHold()
    {
        var cache = new LocalCache(new LocalOptions { MaximumEntries = 10 });
        for (var i = 0; i < 25; i++)
        {
            Assert.True(cache.Set(new TestEntry($"{i}", 0, CacheItemPriority.NeverRemove)));
        }

        Assert.Equal(Enumerable.Range(15, 10), Enumerable.Range(0, 25).Where(i => cache.TryPeek($"{i}", out _)));
    }

    [Fact]
    public void Trim_EntriesNeverRemoved_LeaveAfterAllOthersAndInTheEnd()
    {
        var cache = new LocalCache(new LocalOptions { MaximumEntries = 20 });
        for (var i = 0; i < 20; i++)
        {
            cache.Set(new TestEntry($"{i}", 0, i < 10 ? CacheItemPriority.NeverRemove : CacheItemPriority.High));
        }

        Assert.True(cache.Trim(0.5, 100));
        Assert.All(Enumerable.Range(0, 10), i => Assert.True(cache.TryPeek($"{i}", out _)));

        Assert.True(cache.Trim(0.1, 100));
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void RemoveExpired_EntryNeverRemoved_LeavesAsAnyOther()
    {
        var cache = new LocalCache(new LocalOptions());
        cache.Set(new TestEntry("k", 0, CacheItemPriority.NeverRemove) { ExpiresAt = 10_000 });

        cache.RemoveExpired(100_000, 10);

        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
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
    public void RemoveExpired_InParts_DropsWhatHasExpiredAndSaysWhenItIsDone()
    {
        var cache = new LocalCache(new LocalOptions());
        for (var i = 0; i < 10; i++)
        {
            cache.Set(new TestEntry($"{i}") { ExpiresAt = i % 2 == 0 ? 100_000 : MonotonicClock.Never });
        }

        Assert.True(cache.RemoveExpired(99_999, 10));
        Assert.Equal(10, cache.Count);
        Assert.False(cache.RemoveExpired(120_000, 2));
        Assert.Equal(8, cache.Count);
        Assert.True(cache.RemoveExpired(120_000, 10));

        Assert.Equal((5, 5 * Empty), (cache.Count, cache.Bytes));
        Assert.True(cache.TryGet("1", out _));
        Assert.False(cache.TryGet("2", out _));
    }

    [Fact]
    public void RemoveExpired_EntryThatWasReadMeanwhile_LeavesWhenItExpiresAfterAll()
    {
        var cache = new LocalCache(new LocalOptions());
        var sliding = new TestEntry("k") { ExpiresAt = 100_000 };
        cache.Set(sliding);

        sliding.ExpiresAt = 10_000_000;
        Assert.True(cache.RemoveExpired(9_999_999, 10));
        Assert.True(cache.TryGet("k", out _));

        Assert.True(cache.RemoveExpired(10_020_000, 10));
        Assert.False(cache.TryGet("k", out _));
    }

    [Fact]
    public void RemoveExpired_ReplacedEntry_TheNewOneKeepsItsOwnTime()
    {
        var cache = new LocalCache(new LocalOptions());
        cache.Set(new TestEntry("k") { ExpiresAt = 10_000 });
        cache.Set(new TestEntry("k") { ExpiresAt = 1_000_000 });

        cache.RemoveExpired(100_000, 10);

        Assert.True(cache.TryGet("k", out _));
    }

    [Fact]
    public void Trim_ToAShare_EvictsInPartsUntilNoMoreIsHeld()
    {
        var cache = Filled(100);

        Assert.False(cache.Trim(0.5, 20));
        Assert.Equal(80, cache.Count);
        Assert.True(cache.Trim(0.5, 50));

        Assert.Equal((50, 50 * Empty), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Set_WithAnAllowance_KeepsWithinIt()
    {
        var cache = Filled(100);
        cache.Allowance = 0.25;

        cache.Set(new TestEntry("x"));

        Assert.Equal(25, cache.Count);
        Assert.True(cache.TryGet("x", out _));
        Assert.False(cache.Set(new TestEntry("y", 26 * Empty)));
    }

    [Fact]
    public void TryGet_WhileTheTableGrows_FindsWhatIsThere()
    {
        var cache = new LocalCache(new LocalOptions());
        var keys = Enumerable.Range(0, 50_000).Select(i => $"key {i}").ToArray();
        var stored = 0;
        Parallel.Invoke(
            () =>
            {
                foreach (var key in keys)
                {
                    cache.Set(new TestEntry(key));
                    Volatile.Write(ref stored, stored + 1);
                }
            },
            () =>
            {
                for (var i = 0; Volatile.Read(ref stored) < keys.Length; i++)
                {
                    var there = Volatile.Read(ref stored);
                    Assert.True(there == 0 || cache.TryGet(keys[i % there], out _));
                }
            });
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
                        cache.RemoveExpired(now: 100_000, limit: 3);
                        break;
                    case < 5:
                        Assert.True(!cache.TryGet(key, out var found) || ReferenceEquals(found, stored[key]));
                        break;
                    default:
                        stored[key] = new TestEntry(key, size) { ExpiresAt = size * 500 };
                        Assert.Equal(cache.Set(stored[key]), cache.TryGet(key, out _));
                        break;
                }

                var present = stored.Values.Where(entry => cache.TryGet(entry.Key, out _)).ToArray();
                Assert.Equal((present.Length, present.Sum(entry => entry.Size)), (cache.Count, cache.Bytes));
                Assert.True(cache.Count <= 5 && cache.Bytes <= 6 * Empty);
            }
        });
    }

    private static LocalCache Filled(int entries)
    {
        var cache = new LocalCache(new LocalOptions { MaximumEntries = entries, MaximumBytes = entries * Empty });
        for (var i = 0; i < entries; i++)
        {
            cache.Set(new TestEntry(((char)('A' + i)).ToString()));
        }

        return cache;
    }
}
