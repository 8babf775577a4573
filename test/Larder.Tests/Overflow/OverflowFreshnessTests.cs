using Larder.Testing;
using Larder.Testing.Policies;
using Xunit;

namespace Larder.Tests.Overflow;

/// <summary>Every invalidation beats what is on the disk, on its way there, or on its way back.</summary>
public sealed class OverflowFreshnessTests : IAsyncDisposable
{
    private readonly OverflowNode _node = new();

    public static TheoryData<Invalidation> Invalidations => [.. Enum.GetValues<Invalidation>()];

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidate_OnTheDisk_IsGone(Invalidation invalidation)
    {
        await _node.SetOnDiskAsync("k", "old");

        await InvalidateAsync(invalidation);

        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidate_BetweenEvictionAndWrite_IsGone(Invalidation invalidation)
    {
        var gate = _node.Serializer.Writing = new Gate();
        await _node.SetAsync("k", "old");
        _node.Evict();
        await gate.Reached;

        await InvalidateAsync(invalidation);
        gate.Open();
        await _node.IsWrittenAsync();

        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidate_BetweenReadAndReturn_WhoCameBeforeMayHaveItAndNobodyElse(Invalidation invalidation)
    {
        await _node.SetOnDiskAsync("k", "old");
        var gate = _node.Serializer.Reading = new Gate();
        var before = Task.Run(() => _node.GetAsync("k"), TestContext.Current.CancellationToken);
        await gate.Reached;

        await InvalidateAsync(invalidation);
        var after = Task.Run(() => _node.PeekAsync("k"), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => after.IsCompleted);
        gate.Open();

        Assert.Equal(invalidation.Leaves(), await after);
        Assert.Contains(await before, (string[])["old", InvalidationKinds.SetValue]);
        await AssertGoneAsync(invalidation);
    }

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidate_BroughtBackIntoL1_IsGoneFromBoth(Invalidation invalidation)
    {
        await _node.SetOnDiskAsync("k", "old");
        Assert.Equal("old", await _node.GetAsync("k"));

        await InvalidateAsync(invalidation);

        await AssertGoneAsync(invalidation);
    }

    [Fact]
    public async Task PutBack_RecordWasDroppedMeanwhile_IsRefused()
    {
        await _node.SetOnDiskAsync("k", "old");
        var local = _node.Cache.Node.Local;
        var record = _node.Level.Find("k", typeof(Note))!;

        local.Invalidate("k");

        // The counter has not changed since this: a newer value drops the record and bumps nothing.
        var mark = local.Capture("k");
        Assert.False(local.PutBack(new Larder.Local.SharedEntry<Note>("k", new("old"), 0, record.Terms), record, mark));
        Assert.False(_node.IsInL1("k"));
    }

    [Fact]
    public async Task PutBack_InvalidatedAndEvictedAnew_TheOldRecordIsRefused()
    {
        await _node.SetOnDiskAsync("k", "old");
        var record = _node.Level.Find("k", typeof(Note))!;
        await _node.SetOnDiskAsync("k", "new");
        var local = _node.Cache.Node.Local;

        Assert.False(local.PutBack(new Larder.Local.SharedEntry<Note>("k", new("old"), 0, record.Terms), record, local.Capture("k")));
        Assert.Equal("new", await _node.PeekAsync("k"));
    }

    [Fact]
    public async Task InvalidateAll_OnTheDiskAndInTheQueue_AllIsGone()
    {
        await _node.SetOnDiskAsync("k", "old");
        var gate = _node.Serializer.Writing = new Gate();
        await _node.SetAsync("l", "old");
        _node.Evict();
        await gate.Reached;

        _node.Cache.Node.Local.InvalidateAll();
        gate.Open();
        await _node.IsWrittenAsync();

        Assert.Equal(0, _node.Level.Count);
        Assert.Null(await _node.PeekAsync("k"));
        await _node.SetOnDiskAsync("k", "new");
        Assert.Equal("new", await _node.PeekAsync("k"));
    }

    [Fact]
    public async Task BeginClear_L1EvictsWhatItIsAboutToLose_IsNotTaken()
    {
        await _node.SetAsync("k", "old");

        _node.Level.BeginClear();
        await _node.EvictAsync();
        _node.Level.EndClear();

        Assert.Null(await _node.PeekAsync("k"));
    }

    [Fact]
    public async Task Drop_CopyThatAnotherNodeReplaced_IsGone()
    {
        await _node.SetOnDiskAsync("k", "old");

        _node.Cache.Node.Local.Drop("k");

        Assert.Null(await _node.PeekAsync("k"));
    }

    [Fact]
    public async Task Store_NewerValue_TheOldOneIsGone()
    {
        await _node.SetOnDiskAsync("k", "old");
        var options = new LarderEntryOptions { Flags = Microsoft.Extensions.Caching.Hybrid.HybridCacheEntryFlags.DisableLocalCacheRead };

        await _node.Cache.GetOrCreateAsync("k", static _ => new ValueTask<Note>(new Note("new")), options);
        await _node.EvictAsync();

        Assert.Equal("new", await _node.PeekAsync("k"));
    }

    /// <summary>Evictions, reads and invalidations of few keys at once: a read that begins after an invalidation never has a value of before it.</summary>
    [Fact]
    public async Task ManyThreads_EvictReadAndInvalidate_NothingOldIsServed()
    {
        const int Keys = 8;
        var (origin, complete) = (new long[Keys], new long[Keys]);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var tasks = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            while (!over.IsCancellationRequested)
            {
                var key = random.Next(Keys);
                var least = Volatile.Read(ref complete[key]);
                var text = await _node.Cache.GetOrCreateAsync($"k{key}", _ => new ValueTask<Note>(new Note($"{Volatile.Read(ref origin[key])}")));
                Assert.True(long.Parse(text.Text, System.Globalization.CultureInfo.InvariantCulture) >= least, $"{text.Text} is older than {least}");
                switch (random.Next(8))
                {
                    case 0:
                        _node.Evict();
                        break;
                    case 1 when worker == 0:
                        await ChangeAsync(key, random.Next(3));
                        break;
                }
            }
        })).ToArray();

        await Task.WhenAll(tasks);

        async Task ChangeAsync(int key, int how)
        {
            // One worker alone: the origin changes, then the cache is told, and then it is complete.
            var next = origin[key] + 1;
            Volatile.Write(ref origin[key], next);
            switch (how)
            {
                case 0:
                    await _node.Cache.SetAsync($"k{key}", new Note($"{next}"));
                    break;
                case 1:
                    await _node.Cache.RemoveAsync($"k{key}");
                    break;
                default:
                    _node.Cache.Node.Local.InvalidateAll();
                    break;
            }

            Volatile.Write(ref complete[key], next);
        }
    }

    private ValueTask InvalidateAsync(Invalidation invalidation) => invalidation == Invalidation.Set
        ? _node.SetAsync("k", InvalidationKinds.SetValue)
        : _node.Cache.InvalidateAsync(invalidation, "k");

    private async Task AssertGoneAsync(Invalidation invalidation)
    {
        Assert.Equal(invalidation.Leaves(), await _node.PeekAsync("k"));
        await _node.EvictAsync();
        Assert.Equal(invalidation.Leaves(), await _node.PeekAsync("k"));
        Assert.Equal(invalidation.Leaves() ?? "made", await _node.GetAsync("k"));
    }
}
