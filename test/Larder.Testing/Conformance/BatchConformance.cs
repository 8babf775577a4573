using Larder.Stores;
using Xunit;

namespace Larder.Testing.Conformance;

/// <summary>The operations on many keys do for each of them what those on one do, and answer in the order of the question.</summary>
public abstract class BatchConformance : RetentionConformance
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    /// <summary>One, a few, and more than one script may have.</summary>
    public static TheoryData<int> Sizes => [1, 3, 1_500];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task ReadMany_AfterSetMany_EachValueInItsPlace(int size)
    {
        var store = await StartAsync();
        await store.SetManyAsync([.. Keys(size).Select(key => new StoreItem(key, Value("of " + key) with { Expiration = Long, Tags = [key] }))], Cancel);

        // Every second one is not there.
        string[] asked = [.. Keys(size).Reverse().SelectMany(key => new[] { key, "not there " + key })];
        var entries = await store.ReadManyAsync(asked, Cancel);

        Assert.Equal(asked.Length, entries.Count);
        for (var i = 0; i < asked.Length; i += 2)
        {
            Assert.Equal(("of " + asked[i], asked[i]), (Text(entries[i]), Assert.Single(entries[i]!.Tags!)));
            Assert.Null(entries[i + 1]);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task SetMany_OverEntriesAndLeases_TheCommitsAreRefused(int size)
    {
        var a = await StartAsync(StoreCapabilities.Leases);
        var b = await StartAsync("b");
        await a.AcquireLeasesAsync([.. Keys(size).Select(key => (key, new LeaseRequest(Token(key), Long)))], Cancel);

        await b.SetManyAsync([.. Keys(size).Select(key => new StoreItem(key, Value("set")))], Cancel);

        var committed = await a.CommitManyAsync([.. Keys(size).Select(key => new StoreItem(key, Value("late"), Token(key)))], Cancel);
        Assert.Equal(size, committed.Count);
        Assert.DoesNotContain(true, committed);
        Assert.All(await a.ReadManyAsync([.. Keys(size)], Cancel), entry => Assert.Equal("set", Text(entry)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task AcquireLeases_OfKeysThereAndHeldAndMissing_EachItsAnswer(int size)
    {
        var a = await StartAsync(StoreCapabilities.Leases);
        var b = await StartAsync("b");
        await a.SetManyAsync([.. Keys(size).Where(IsThere).Select(key => new StoreItem(key, Value("value")))], Cancel);
        await a.AcquireLeasesAsync([.. Keys(size).Where(IsHeld).Select(key => (key, new LeaseRequest(Token(key), Long)))], Cancel);

        var answers = await b.AcquireLeasesAsync([.. Keys(size).Select(key => (key, new LeaseRequest(new("b:" + key), Long)))], Cancel);

        Assert.Equal(Keys(size).Select(StateOf), answers.Select(static answer => answer.State));
        Assert.All(answers, answer => Assert.Equal(answer.State == LeaseState.Held, answer.HeldFor > TimeSpan.FromMinutes(4)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task AcquireLeases_OfExpiredEntries_EachByItsRequest(int size)
    {
        var store = await StartAsync();
        await store.SetManyAsync([.. Keys(size).Select(key => new StoreItem(key, Value("old") with { Expiration = Long, Retention = Long }))], Cancel);
        await store.ExpireAsync([.. Keys(size)], Cancel);
        var seen = await store.ReadManyAsync([.. Keys(size)], Cancel);

        var answers = await store.AcquireLeasesAsync(
            [.. Keys(size).Select((key, i) => (key, new LeaseRequest(Token(key), Long)
            {
                SeenVersion = seen[i]!.Version, Seen = IsHeld(key) ? SeenEntry.Delete : SeenEntry.Keep,
            }))],
            Cancel);

        Assert.All(answers, answer => Assert.Equal(LeaseState.Granted, answer.State));
        var left = await store.ReadManyAsync([.. Keys(size)], Cancel);
        Assert.Equal(Keys(size).Select(key => IsHeld(key) ? null : "old"), left.Select(Text));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task CommitMany_SomeLeasesAreGone_EachItsAnswerAndNumbersWithoutGaps(int size)
    {
        var (a, b) = await StartPairAsync();
        await a.AcquireLeasesAsync([.. Keys(size).Where(IsHeld).Select(key => (key, new LeaseRequest(Token(key), Long)))], Cancel);

        var committed = await a.CommitManyAsync(
            [.. Keys(size).Select(key => new StoreItem(key, Value("of " + key) with { Expiration = Long, ETag = key }, Token(key)))], Cancel);

        Assert.Equal(Keys(size).Select(IsHeld), committed);
        var entries = await b.ReadManyAsync([.. Keys(size)], Cancel);
        Assert.Equal(Keys(size).Select(key => IsHeld(key) ? "of " + key : null), entries.Select(Text));
        Assert.All(entries.OfType<StoreEntry>(), entry => Assert.Equal("of " + entry.ETag, Text(entry)));
        await AssertToldAsync([.. Keys(size).Where(IsHeld).Select(key => (FeedChange.Commit, key))]);
        await SettleAsync(a, b);
        Assert.Equal(Keys(size).Count(IsHeld), AssertNumbered("a"));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task SetRemoveAndExpire_OfManyKeys_AllNodesAreToldOfEachInItsOrder(int size)
    {
        var (a, b) = await StartPairAsync();

        await a.SetManyAsync([.. Keys(size).Select(key => new StoreItem(key, Value("value") with { Expiration = Long, Retention = Long }))], Cancel);
        await a.ExpireAsync([.. Keys(size)], Cancel);
        Assert.All(await a.ReadManyAsync([.. Keys(size)], Cancel), entry => Assert.True(entry!.IsExpired));
        await a.RemoveAsync([.. Keys(size)], Cancel);
        Assert.All(await a.ReadManyAsync([.. Keys(size)], Cancel), static entry => Assert.Null(entry));

        await AssertToldAsync([.. new[] { FeedChange.Set, FeedChange.Expire, FeedChange.Remove }.SelectMany(change => Keys(size).Select(key => (change, key)))]);
        await SettleAsync(a, b);
        Assert.Equal(3 * size, AssertNumbered("a"));
    }

    [Fact]
    public async Task OperationsOnMany_OfNone_DoNothing()
    {
        var store = await StartAsync();

        Assert.Empty(await store.ReadManyAsync([], Cancel));
        Assert.Empty(await store.AcquireLeasesAsync([], Cancel));
        Assert.Empty(await store.CommitManyAsync([], Cancel));
        await store.SetManyAsync([], Cancel);
        await store.RemoveAsync([], Cancel);
        await store.ExpireAsync([], Cancel);
    }

    [Fact]
    public async Task OperationsOnMany_OddKeys_EachIsItsOwn()
    {
        var store = await StartAsync();
        var leases = await store.AcquireLeasesAsync([.. OddKeys.Select(key => (key, new LeaseRequest(Token(key), Long)))], Cancel);
        var committed = await store.CommitManyAsync([.. OddKeys.Select(key => new StoreItem(key, Value("of " + key), Token(key)))], Cancel);

        Assert.All(leases, lease => Assert.Equal(LeaseState.Granted, lease.State));
        Assert.DoesNotContain(false, committed);
        Assert.Equal(OddKeys.Select(key => "of " + key), (await store.ReadManyAsync(OddKeys, Cancel)).Select(Text));
    }

    private static IEnumerable<string> Keys(int size) => Enumerable.Range(0, size).Select(i => $"key {i}");

    private static LeaseToken Token(string key) => new("a:" + key);

    // A third of the keys each: there, leased, missing. One key alone is leased.
    private static bool IsThere(string key) => Number(key) % 3 == 1;

    private static bool IsHeld(string key) => Number(key) % 3 == 0;

    private static LeaseState StateOf(string key) => IsThere(key) ? LeaseState.Present : IsHeld(key) ? LeaseState.Held : LeaseState.Granted;

    private static int Number(string key) => int.Parse(key.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);
}
