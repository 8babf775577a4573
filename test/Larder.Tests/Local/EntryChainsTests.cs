using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class EntryChainsTests
{
    [Fact]
    public void HasMovedSince_AnyNumberOfChains_IsTrueForThoseThatHaveGivenEntriesAwayOnly()
    {
        // What a reader knows that has read the number of chains, and then stands still while they grow.
        var chains = new EntryChains();
        for (var i = 0; i < 1000; i++)
        {
            chains.Link_NeedsLock(new TestEntry($"{i}"), KeyHash.Of($"{i}"));
        }

        const int since = 100;
        Grow(chains, since);
        var before = Enumerable.Range(0, since).Select(chain => EntriesOf(chains, chain)).ToArray();
        for (var count = since; count <= 500; count++)
        {
            Grow(chains, count);
            var hasGivenAway = Enumerable.Range(since, count - since).Select(LinearHashing.Origin).ToHashSet();
            for (var chain = 0; chain < since; chain++)
            {
                Assert.Equal(hasGivenAway.Contains(chain), chains.HasMovedSince(since, chain));
                if (!hasGivenAway.Contains(chain))
                {
                    Assert.Equal(before[chain], EntriesOf(chains, chain));
                }
            }
        }
    }

    [Fact]
    public void Grow_ManyTimes_HasEachEntryInItsChainOnly()
    {
        var chains = new EntryChains();
        for (var i = 0; i < 3000; i++)
        {
            chains.Link_NeedsLock(new TestEntry($"{i}"), KeyHash.Of($"{i}"));
        }

        Grow(chains, 5000);

        var entries = Enumerable.Range(0, 5000).SelectMany(chain => EntriesOf(chains, chain).Select(entry => (Chain: chain, entry.Key))).ToArray();
        Assert.All(entries, entry => Assert.Equal(LinearHashing.Place(KeyHash.Of(entry.Key), 5000), entry.Chain));
        Assert.Equal(3000, entries.DistinctBy(entry => entry.Key).Count());
        Assert.Equal(3000, entries.Length);
    }

    private static void Grow(EntryChains chains, int count)
    {
        while (chains.Count < count)
        {
            chains.Grow_NeedsLock();
        }
    }

    private static List<LocalEntry> EntriesOf(EntryChains chains, int chain)
    {
        var entries = new List<LocalEntry>();
        for (var entry = chains.First(chain); entry is not null; entry = entry.Next)
        {
            entries.Add(entry);
        }

        return entries;
    }
}
