using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class EntryChainsTests
{
    private const int Count = 64;

    private readonly EntryChains _chains = new(Count);
    private readonly ulong[] _hashes = [.. Enumerable.Range(0, 1000).Select(i => KeyHash.Of($"{i}"))];

    public EntryChainsTests()
    {
        foreach (var i in Enumerable.Range(0, _hashes.Length))
        {
            _chains.Link_NeedsLock(new TestEntry($"{i}"), _hashes[i]);
        }
    }

    [Fact]
    public void Move_SomeChains_HasMovedIsTrueOfTheirHashesOnly()
    {
        _chains.BeginMove_NeedsLock();
        for (var moved = 0; moved <= Count; moved++)
        {
            foreach (var hash in _hashes)
            {
                Assert.Equal(((int)hash & (Count - 1)) < moved, _chains.HasMoved(hash));
                Assert.Equal(_chains.HasMoved(hash), _chains.HasArrived(hash));
                Assert.Equal(!_chains.HasMoved(hash), _chains.First(hash) is not null);
            }

            Assert.Equal(Count + moved, _chains.Count);
            if (moved < Count)
            {
                Assert.Same(moved == Count - 1 ? _chains.Next : _chains, _chains.Move_NeedsLock());
            }
        }
    }

    [Fact]
    public void Move_AtAnyTime_EachEntryIsInOneChainAndMovesToALaterOneOrStays()
    {
        _chains.BeginMove_NeedsLock();
        var before = Places();
        for (var moved = 1; moved <= Count; moved++)
        {
            _chains.Move_NeedsLock();
            var after = Places();
            foreach (var (key, chain) in after)
            {
                Assert.True(chain == before[key] || chain == before[key] + Count, $"{key} was in {before[key]}, is in {chain}.");
            }

            Assert.Equal(_hashes.Length, after.Count);
            before = after;
        }

        Assert.All(_hashes.Select((hash, i) => (hash, i)), one => Assert.Equal((int)one.hash & ((2 * Count) - 1), before[$"{one.i}"]));
    }

    [Fact]
    public void LinkAndUnlink_WhileOthersMove_AreOfTheChainsWhereTheHashIsNow()
    {
        _chains.BeginMove_NeedsLock();
        for (var moved = 0; moved < Count / 2; moved++)
        {
            _chains.Move_NeedsLock();
        }

        foreach (var (key, _) in Places())
        {
            var entry = Entries().Single(one => one.Entry.Key == key).Entry;
            _chains.Unlink_NeedsLock(entry, KeyHash.Of(key));
            Assert.DoesNotContain(key, Places());
            _chains.Link_NeedsLock(entry, KeyHash.Of(key));
        }

        Assert.Equal(_hashes.Length, Places().Count);
        Assert.All(_hashes.Where(_chains.HasMoved), hash => Assert.Null(_chains.First(hash)));
    }

    // Throws for an entry that is in two.
    private Dictionary<string, int> Places() => Entries().ToDictionary(static one => one.Entry.Key, static one => one.Chain);

    private IEnumerable<(LocalEntry Entry, int Chain)> Entries()
    {
        for (var chain = 0; chain < _chains.Count; chain++)
        {
            for (var entry = _chains.FirstOf_NeedsLock(chain); entry is not null; entry = entry.Next)
            {
                yield return (entry, chain);
            }
        }
    }
}
