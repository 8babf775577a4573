using Larder.Feed;
using Larder.Fences;
using Larder.Local;
using Larder.Stores;
using Larder.Tags;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Fences;

public sealed class FencedLocalTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Trust _trust = Trust.Always();
    private readonly TagClock _tags = TagClock.Local();
    private readonly FencedLocal _fenced;

    public FencedLocalTests() => _fenced = Fenced(_trust);

    [Theory]
    [InlineData(false, true, false)] // it doesn't hear of others
    [InlineData(true, true, true)]
    [InlineData(true, false, false)] // it never does
    public void IsCurrent_LoadThatIsOlderThanMaxStaleness_IsSharedWhereOthersAreHeardOf(bool isTrusted, bool hasFeed, bool expected)
    {
        var fenced = Fenced(isTrusted ? Trust.Always() : Trust.ByEcho(), hasFeed);
        var mark = fenced.Capture("k");
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(fenced.IsCurrent(mark, null, areTagsKnown: true));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(expected, fenced.IsCurrent(mark, null, areTagsKnown: true));
    }

    [Fact]
    public void Store_NothingHappenedSince_IsStored()
    {
        Assert.True(_fenced.Store(Entry("k"), _fenced.Capture("k")));

        Assert.True(Has("k"));
    }

    [Fact]
    public void Store_KeyInvalidatedSince_IsNotStored()
    {
        var mark = _fenced.Capture("k");
        _fenced.Invalidate("k");

        Assert.False(_fenced.Store(Entry("k"), mark));
        Assert.False(Has("k"));
        Assert.True(_fenced.Store(Entry("k"), _fenced.Capture("k")));
    }

    [Fact]
    public void Store_MessagesMayHaveBeenMissedSince_IsNotStored()
    {
        var mark = _fenced.Capture("k");
        _trust.BeginEpoch();

        Assert.False(_fenced.Store(Entry("k"), mark));
    }

    [Fact]
    public void Store_TagInvalidatedSince_DoesNotTakeThePlaceOfALaterLoad()
    {
        var mark = _fenced.Capture("k");
        _tags.Advance(["t"]);
        var newer = new SharedEntry<string>("k", "newer", 0, new() { Stamp = _tags.Now, Tags = ["t"] });
        Assert.True(_fenced.Store(newer, _fenced.Capture("k")));

        Assert.False(_fenced.Store(new SharedEntry<string>("k", "older", 0, new() { Stamp = mark.Stamp, Tags = ["t"] }), mark));

        Assert.True(_fenced.Local.TryGet("k", out var found));
        Assert.Same(newer, found);
    }

    [Fact]
    public void Store_AllInvalidatedSince_IsNotStored()
    {
        var mark = _fenced.Capture("k");
        _fenced.InvalidateAll();

        Assert.False(_fenced.Store(Entry("k"), mark));
    }

    [Fact]
    public void Invalidate_OtherKey_CostsNoMoreThanItsStripe()
    {
        string[] keys = [.. Enumerable.Range(0, 200).Select(number => $"k{number}")];
        var marks = keys.ToDictionary(key => key, _fenced.Capture);
        _fenced.Invalidate("another");

        // 1 of 1,024 stripes was bumped: one of these keys may share it, half of them can't.
        Assert.InRange(keys.Count(key => !_fenced.IsUntouched(marks[key])), 0, 5);
    }

    [Fact]
    public void InvalidateAndStore_Alone_LeavesTheNewEntryAndRefusesOlderLoads()
    {
        var mark = _fenced.Capture("k");
        var loading = _fenced.Capture("k");
        var set = Entry("k");

        _fenced.InvalidateAndStore("k", set, mark);

        Assert.True(_fenced.Local.TryGet("k", out var found));
        Assert.Same(set, found);
        Assert.False(_fenced.Store(Entry("k"), loading));
    }

    [Fact]
    public void InvalidateAndStore_ManyKeysOfOneSet_AreNoInvalidationsOfEachOther()
    {
        string[] keys = [.. Enumerable.Range(0, 5000).Select(i => $"k{i}")];
        var marks = keys.Select(_fenced.Capture).ToArray();
        var own = new FencedLocal.OwnBumps();
        foreach (var (key, mark) in keys.Zip(marks))
        {
            _fenced.InvalidateAndStore(key, Entry(key), mark, own);
        }

        Assert.All(keys, key => Assert.True(_fenced.Local.TryGet(key, out _)));
    }

    [Fact]
    public void InvalidateAndStore_OneOfManyKeysIsInvalidatedMeanwhile_LeavesAllButThat()
    {
        var marks = new[] { _fenced.Capture("a"), _fenced.Capture("b") };
        var own = new FencedLocal.OwnBumps();
        _fenced.InvalidateAndStore("a", Entry("a"), marks[0], own);
        _fenced.Invalidate("b");
        _fenced.InvalidateAndStore("b", Entry("b"), marks[1], own);

        Assert.True(_fenced.Local.TryGet("a", out _));
        Assert.False(_fenced.Local.TryGet("b", out _));
    }

    [Fact]
    public void InvalidateAndStore_AnotherInvalidationCameBetween_LeavesNothing()
    {
        var mark = _fenced.Capture("k");
        _fenced.Invalidate("k");

        _fenced.InvalidateAndStore("k", Entry("k"), mark);

        Assert.False(Has("k"));
    }

    // Fail-safe captures, finds what has expired, and stores it anew for a while, with no lock over the three.
    [Theory]
    [InlineData(false, 100_000)]
    [InlineData(true, 10_000)]
    public void Invalidate_AsTheEntryIsFound_ItIsNotStoredOnceMore(bool all, int rounds)
    {
        var (begun, ended) = (0, 0);
        var finder = new Thread(() =>
        {
            for (var round = 1; round <= rounds; round++)
            {
                SpinWait.SpinUntil(() => Volatile.Read(ref begun) >= round);
                var mark = _fenced.Capture("k");
                if (_fenced.Local.TryGet("k", out var found))
                {
                    _fenced.Store(((CachedEntry)found).Expire(mark.At, mark.At, 0), mark);
                }

                Volatile.Write(ref ended, round);
            }
        });
        finder.Start();
        var returned = 0;
        for (var round = 1; round <= rounds; round++)
        {
            _fenced.Store(Entry("k"), _fenced.Capture("k"));
            Volatile.Write(ref begun, round);
            if (all)
            {
                _fenced.InvalidateAll();
            }
            else
            {
                _fenced.Invalidate("k");
            }

            SpinWait.SpinUntil(() => Volatile.Read(ref ended) == round);
            returned += Has("k") ? 1 : 0;
        }

        finder.Join();
        Assert.Equal(0, returned);
    }

    [Fact]
    public void IsCurrent_AfterEachKindOfInvalidation_False()
    {
        var mark = _fenced.Capture("k");
        Assert.True(_fenced.IsCurrent(mark, ["t"], areTagsKnown: true));

        _tags.Advance(["other"]);
        Assert.True(_fenced.IsCurrent(mark, ["t"], areTagsKnown: true));

        _tags.Advance(["t"]);
        Assert.False(_fenced.IsCurrent(mark, ["t"], areTagsKnown: true));

        mark = _fenced.Capture("k");
        _fenced.Invalidate("k");
        Assert.False(_fenced.IsCurrent(mark, null, areTagsKnown: true));

        mark = _fenced.Capture("k");
        _trust.BeginEpoch();
        Assert.False(_fenced.IsCurrent(mark, null, areTagsKnown: true));
    }

    private static SharedEntry<string> Entry(string key) => new(key, "value", 0, new() { Stamp = new TagStamp("local", 0) });

    private bool Has(string key) => _fenced.Local.TryGet(key, out _);

    private FencedLocal Fenced(Trust trust, bool hasFeed = true) =>
        new(new LocalCache(new LocalOptions()), trust, _tags, new MonotonicClock(_time), TimeSpan.FromSeconds(5), hasFeed);
}
