using Larder.Local;
using Larder.Testing;
using Microsoft.Extensions.Caching.Memory;
using Xunit;

namespace Larder.Tests.Local;

public sealed class LocalEntryTests
{
    public static TheoryData<CacheItemPriority> Priorities => [.. Enum.GetValues<CacheItemPriority>()];

    [Theory]
    [MemberData(nameof(Priorities))]
    public void Priority_NextToASizeOfManyBits_BothAreWhatWasGiven(CacheItemPriority priority)
    {
        var overhead = new TestEntry("k").Size;
        foreach (var size in (long[])[0, 1, uint.MaxValue, 1L << 37, (1L << 38) - 1 - overhead])
        {
            var entry = new TestEntry("k", size, priority);

            Assert.Equal((priority, size + overhead), (entry.Priority, entry.Size));
        }
    }

    [Theory]
    [MemberData(nameof(Priorities))]
    public void Size_OfMoreThanAnEntryCanHave_IsTheLargest(CacheItemPriority priority)
    {
        var entry = new TestEntry("k", long.MaxValue, priority);

        Assert.Equal((priority, (1L << 38) - 1), (entry.Priority, entry.Size));
    }

    // The header and 14 words: the figure of docs/l1.md is this and the shares of the table and of the sketch.
    [Fact]
    public void Entry_WithAPriority_TakesNoMoreThanBefore()
    {
        const int Count = 1000;
        var entries = new SharedEntry<object>[Count];
        var terms = new EntryTerms { Priority = CacheItemPriority.High };

        Assert.Equal(128, Allocations.Of(() => Make(entries, terms)) / Count);
    }

    [Fact]
    public void Expire_EntryWithAPriority_KeepsIt()
    {
        var entry = new SharedEntry<string>("k", "value", 0, new EntryTerms { Priority = CacheItemPriority.Low, Retention = 1000 });

        Assert.Equal(CacheItemPriority.Low, entry.Expire(now: 0, retryAt: 0, retryNumber: 0).Priority);
    }

    private static void Make(SharedEntry<object>[] entries, EntryTerms terms)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new SharedEntry<object>("k", "value", 0, terms);
        }
    }
}
