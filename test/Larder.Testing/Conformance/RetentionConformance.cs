using Larder.Stores;
using Xunit;

namespace Larder.Testing.Conformance;

/// <summary>
/// Entries that are kept past their expiration, for callers that prefer an old value to none: what has expired says so, and is
/// gone when its time is over.
/// </summary>
public abstract class RetentionConformance : FeedConformance
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly LeaseToken First = new("a-1");
    private static readonly LeaseToken Second = new("b-1");

    [Fact]
    public async Task Retention_OfAnEntry_ItExpiresAndIsKeptAndThenIsGone()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { Expiration = Unit * 2, Retention = Unit * 3, Tags = ["t"] }, Cancel);
        var fresh = (await store.ReadAsync("key", Cancel))!;

        await ElapseAsync(2.2);
        var expired = (await store.ReadAsync("key", Cancel))!;
        await ElapseAsync(3.2);

        Assert.False(fresh.IsExpired);
        Assert.InRange(fresh.ExpiresIn!.Value, TimeSpan.Zero, Unit * 2.1);
        Assert.InRange(fresh.RetainedFor!.Value, fresh.ExpiresIn.Value + (Unit * 2.9), Unit * 5.1);
        Assert.True(expired.IsExpired);
        Assert.Equal(TimeSpan.Zero, expired.ExpiresIn);
        Assert.InRange(expired.RetainedFor!.Value, TimeSpan.Zero, Unit * 3);
        Assert.Equal(("value", "t", fresh.Version), (Text(expired), Assert.Single(expired.Tags!), expired.Version));
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Retention_OfACommit_ItExpiresAndIsKept()
    {
        var store = await StartAsync();
        await AcquireAsync(store, First);
        Assert.True(await store.CommitAsync("key", First, Value("value") with { Expiration = Unit, Retention = Long }, Cancel));

        await ElapseAsync(1.2);

        Assert.True((await store.ReadAsync("key", Cancel))!.IsExpired);
    }

    [Fact]
    public async Task Retention_None_NothingIsSaidOfIt()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { Expiration = Long }, Cancel);

        var entry = (await store.ReadAsync("key", Cancel))!;

        Assert.Equal((false, null), (entry.IsExpired, entry.RetainedFor));
    }

    [Fact]
    public async Task Retention_OfAnEntryReplacedByOneWithout_IsGone()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("old") with { Expiration = Long, Retention = Long }, Cancel);
        await store.ExpireAsync(["key"], Cancel);
        await store.SetAsync("key", Value("new") with { Expiration = Unit }, Cancel);

        var entry = (await store.ReadAsync("key", Cancel))!;
        Assert.Equal(("new", false, null), (Text(entry), entry.IsExpired, entry.RetainedFor));
        await ElapseAsync(1.2);
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Retention_OfASlidingEntry_CountsFromItsLastRead()
    {
        Assert.SkipUnless(KeepsSlidingEntries, "Here no sliding entry is kept.");
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 3, Expiration = Unit * 100, Retention = Unit * 3 }, Cancel);
        Assert.InRange((await store.ReadAsync("key", Cancel))!.RetainedFor!.Value, Unit * 3, Unit * 6.1);

        await ElapseAsync(2);
        await store.TouchAsync("key", TimeSpan.Zero, Cancel);
        await ElapseAsync(2);
        Assert.False((await store.ReadAsync("key", Cancel))!.IsExpired);
        await ElapseAsync(1.2);
        var expired = (await store.ReadAsync("key", Cancel))!;
        await store.TouchAsync("key", TimeSpan.Zero, Cancel);
        var touched = (await store.ReadAsync("key", Cancel))!;
        await ElapseAsync(3.2);

        Assert.True(expired.IsExpired);
        Assert.InRange(expired.RetainedFor!.Value, TimeSpan.Zero, Unit * 3.1);
        Assert.True(touched.IsExpired, "A touch brings nothing back that has expired.");
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Expire_OfAKeptSlidingEntry_IsKeptNoLongerThanItWasToBe(bool hasAbsolute)
    {
        Assert.SkipUnless(KeepsSlidingEntries, "Here no sliding entry is kept.");
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with
        {
            SlidingExpiration = Unit * 2, Expiration = hasAbsolute ? Unit * 100 : null, Retention = Unit * 3,
        }, Cancel);

        await store.ExpireAsync(["key"], Cancel);
        var expired = (await store.ReadAsync("key", Cancel))!;
        await ElapseAsync(5.2);

        Assert.True(expired.IsExpired);
        Assert.InRange(expired.RetainedFor!.Value, Unit * 3, Unit * 5.1);
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Expire_OfAKeptEntry_HasExpiredFromThenOn()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { Expiration = Long, Retention = Long, ETag = "v1", Tags = ["t"] }, Cancel);
        var fresh = (await store.ReadAsync("key", Cancel))!;

        await store.ExpireAsync(["key"], Cancel);

        var expired = (await store.ReadAsync("key", Cancel))!;
        Assert.True(expired.IsExpired);
        Assert.Equal(TimeSpan.Zero, expired.ExpiresIn);
        Assert.InRange(expired.RetainedFor!.Value, TimeSpan.FromMinutes(8), Long * 2);
        Assert.Equal(("value", "v1", "t", fresh.Version), (Text(expired), expired.ETag, Assert.Single(expired.Tags!), expired.Version));
    }

    [Fact]
    public async Task Expire_OfSeveralKeys_KeptOnesHaveExpiredOthersAreRemoved()
    {
        var store = await StartAsync();
        await store.SetAsync("kept", Value("value") with { Expiration = Long, Retention = Long }, Cancel);
        await store.SetAsync("ends", Value("value") with { Expiration = Long }, Cancel);
        await store.SetAsync("stays", Value("value"), Cancel);
        await store.SetAsync("other", Value("value") with { Expiration = Long, Retention = Long }, Cancel);

        await store.ExpireAsync(["kept", "ends", "stays", "not there"], Cancel);

        Assert.True((await store.ReadAsync("kept", Cancel))!.IsExpired);
        Assert.False((await store.ReadAsync("other", Cancel))!.IsExpired);
        foreach (var key in (string[])["ends", "stays", "not there"])
        {
            Assert.Null(await store.ReadAsync(key, Cancel));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Expire_OfALeasedKey_TheLeaseIsGone(bool isKept)
    {
        var a = await StartAsync(StoreCapabilities.Leases);
        var b = await StartAsync("b");
        if (isKept)
        {
            await a.SetAsync("key", Value("old") with { Expiration = Long, Retention = Long }, Cancel);
            await a.ExpireAsync(["key"], Cancel);
        }

        var version = (await a.ReadAsync("key", Cancel))?.Version;
        Assert.Equal(LeaseState.Granted, await AcquireAsync(a, First, version, SeenEntry.Keep));

        await b.ExpireAsync(["key"], Cancel);

        Assert.False(await a.RenewLeaseAsync("key", First, Long, Cancel));
        Assert.False(await a.CommitAsync("key", First, Value("late"), Cancel));
        Assert.Equal(isKept ? "old" : null, await ReadTextAsync(a, "key"));
        Assert.Equal(LeaseState.Granted, await AcquireAsync(b, Second, version, SeenEntry.Keep));
    }

    [Fact]
    public async Task AcquireLease_KeepOfAnExpiredEntry_ItStaysUntilTheCommit()
    {
        var store = await StartAsync();
        var version = await SetExpiredAsync(store);

        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, First, version, SeenEntry.Keep));

        Assert.True((await store.ReadAsync("key", Cancel))!.IsExpired);
        Assert.True(await store.CommitAsync("key", First, Value("new") with { Expiration = Long }, Cancel));
        var entry = (await store.ReadAsync("key", Cancel))!;
        Assert.Equal(("new", false), (Text(entry), entry.IsExpired));
    }

    [Theory]
    [InlineData(SeenEntry.Keep)]
    [InlineData(SeenEntry.KeepUnlessThrottled)]
    public async Task AcquireLease_OfAnExpiredEntryByAnother_IsHeld(SeenEntry seen)
    {
        var a = await StartAsync(StoreCapabilities.Leases);
        var b = await StartAsync("b");
        var version = await SetExpiredAsync(a);

        Assert.Equal(LeaseState.Granted, await AcquireAsync(a, First, version, seen));
        Assert.Equal(LeaseState.Held, await AcquireAsync(b, Second, version, seen));
    }

    [Fact]
    public async Task AcquireLease_KeepOfAnEntryThatIsAnotherByNow_Present()
    {
        var store = await StartAsync();
        var version = await SetExpiredAsync(store);
        await store.SetAsync("key", Value("new") with { Expiration = Long, Retention = Long }, Cancel);

        Assert.Equal(LeaseState.Present, await AcquireAsync(store, First, version, SeenEntry.Keep));
        Assert.Equal(LeaseState.Present, await AcquireAsync(store, First, version, SeenEntry.KeepUnlessThrottled));
    }

    [Fact]
    public async Task AcquireLease_DeleteOfAnExpiredEntry_ItIsGone()
    {
        var store = await StartAsync();
        var version = await SetExpiredAsync(store);

        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, First, version, SeenEntry.Delete));

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task ReleaseLease_AfterAFailure_ExpiredEntryIsServedForAWhile()
    {
        var store = await StartAsync();
        var version = await SetExpiredAsync(store);
        await AcquireAsync(store, First, version, SeenEntry.KeepUnlessThrottled);

        await store.ReleaseLeaseAsync("key", First, Unit * 3, Cancel);

        var entry = (await store.ReadAsync("key", Cancel))!;
        Assert.True(entry.IsExpired);
        Assert.Equal("old", Text(entry));
        Assert.InRange(entry.ExpiresIn!.Value, TimeSpan.FromMilliseconds(1), Unit * 3.1);
        Assert.InRange(entry.RetainedFor!.Value, TimeSpan.FromMinutes(4), Long * 2);
        Assert.Equal(LeaseState.Present, await AcquireAsync(store, Second, version, SeenEntry.KeepUnlessThrottled));
        await ElapseAsync(3.2);

        Assert.Equal(TimeSpan.Zero, (await store.ReadAsync("key", Cancel))!.ExpiresIn);
        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, Second, version, SeenEntry.KeepUnlessThrottled));
    }

    [Fact]
    public async Task ReleaseLease_AfterAFailure_WhoWantsNoOldValueIsGrantedTheLease()
    {
        var store = await StartAsync();
        var version = await SetExpiredAsync(store);
        await AcquireAsync(store, First, version, SeenEntry.Keep);
        await store.ReleaseLeaseAsync("key", First, Long, Cancel);

        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, Second, version, SeenEntry.Keep));

        Assert.True(await store.CommitAsync("key", Second, Value("new") with { Expiration = Long, Retention = Long }, Cancel));
        Assert.False((await store.ReadAsync("key", Cancel))!.IsExpired);
    }

    [Fact]
    public async Task Expire_WhileAnExpiredEntryIsServedForAWhile_TheNextAttemptIsGranted()
    {
        var store = await StartAsync();
        var version = await SetExpiredAsync(store);
        await AcquireAsync(store, First, version, SeenEntry.Keep);
        await store.ReleaseLeaseAsync("key", First, Long, Cancel);

        await store.ExpireAsync(["key"], Cancel);

        Assert.Equal(TimeSpan.Zero, (await store.ReadAsync("key", Cancel))!.ExpiresIn);
        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, Second, version, SeenEntry.KeepUnlessThrottled));
    }

    [Fact]
    public async Task ReleaseLease_AfterAFailureWithAFreshEntry_ItIsAsFreshAsItWas()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { Expiration = Long, Retention = Long }, Cancel);
        var before = (await store.ReadAsync("key", Cancel))!;
        await AcquireAsync(store, First, before.Version, SeenEntry.Keep);

        await store.ReleaseLeaseAsync("key", First, Unit, Cancel);

        var after = (await store.ReadAsync("key", Cancel))!;
        Assert.False(after.IsExpired);
        Assert.InRange(after.ExpiresIn!.Value, TimeSpan.FromMinutes(4), Long);
    }

    [Fact]
    public async Task ReleaseLease_AfterAFailureWithNothingThere_MakesNothing()
    {
        var store = await StartAsync();
        await AcquireAsync(store, First);

        await store.ReleaseLeaseAsync("key", First, Long, Cancel);

        Assert.Null(await store.ReadAsync("key", Cancel));
        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, Second));
    }

    [Fact]
    public async Task ReleaseLease_AfterAFailureBySomebodyElse_ChangesNothing()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        var version = await SetExpiredAsync(store);
        await AcquireAsync(store, First, version, SeenEntry.Keep);

        await store.ReleaseLeaseAsync("key", Second, Long, Cancel);

        Assert.Equal(TimeSpan.Zero, (await store.ReadAsync("key", Cancel))!.ExpiresIn);
        Assert.True(await store.CommitAsync("key", First, Value("new"), Cancel));
    }

    [Theory]
    [InlineData("\"v1\"")]
    [InlineData("W/\"é ü 🥫\"")]
    [InlineData(null)]
    public async Task Validators_OfAnEntry_AreReadAsTheyWereWritten(string? etag)
    {
        var store = await StartAsync();
        DateTimeOffset? changed = etag is null ? null : new DateTimeOffset(1969, 12, 31, 23, 59, 58, 765, TimeSpan.FromHours(2));
        await store.SetAsync("key", Value("value") with { Expiration = Long, ETag = etag, LastModified = changed }, Cancel);

        var entry = (await store.ReadAsync("key", Cancel))!;

        Assert.Equal((etag, changed, false), (entry.ETag, entry.LastModified, entry.IsDamaged));
    }

    [Fact]
    public async Task Validators_OfAnEntryReplacedByOneWithout_AreGone()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("old") with { ETag = "v1", LastModified = DateTimeOffset.UnixEpoch }, Cancel);
        await store.SetAsync("key", Value("new"), Cancel);

        var entry = (await store.ReadAsync("key", Cancel))!;

        Assert.Equal((null, null), (entry.ETag, entry.LastModified));
    }

    /// <summary>An entry that has expired and is kept.</summary>
    /// <returns>Its version.</returns>
    private static async Task<string> SetExpiredAsync(ILarderStore store)
    {
        await store.SetAsync("key", Value("old") with { Expiration = Long, Retention = Long }, Cancel);
        await store.ExpireAsync(["key"], Cancel);
        return (await store.ReadAsync("key", Cancel))!.Version!;
    }

    private static async Task<LeaseState> AcquireAsync(
        ILarderStore store, LeaseToken token, string? version = null, SeenEntry seen = SeenEntry.Delete) =>
        (await store.AcquireLeaseAsync("key", new(token, Long) { SeenVersion = version, Seen = seen }, Cancel)).State;
}
