using Larder.Stores;
using Xunit;

namespace Larder.Testing.Conformance;

/// <summary>
/// Leases: who computes a missing value, and that one computed before an invalidation is never written after it. Without
/// <see cref="StoreCapabilities.Leases"/> just the part holds that concerns a caller on its own.
/// </summary>
public abstract class LeaseConformance : ExpirationConformance
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly LeaseToken First = new("a-1");
    private static readonly LeaseToken Second = new("b-1");

    [Fact]
    public async Task AcquireLease_NothingThere_GrantedAndStillNothingThere()
    {
        var store = await StartAsync();

        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, First));

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task AcquireLease_ValueThere_Present()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value"), Cancel);

        Assert.Equal(LeaseState.Present, await AcquireAsync(store, First));

        Assert.Equal("value", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task AcquireLease_ValueThereIsTheInvalidOne_GrantedAndTheValueIsGone()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value"), Cancel);
        var entry = await store.ReadAsync("key", Cancel);

        var answer = await store.AcquireLeaseAsync("key", new(First, Long) { SeenVersion = entry!.Version }, Cancel);

        Assert.Equal(LeaseState.Granted, answer.State);
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task AcquireLease_ValueThereIsNewerThanTheInvalidOne_Present()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("old"), Cancel);
        var old = await store.ReadAsync("key", Cancel);
        await store.SetAsync("key", Value("new"), Cancel);

        var answer = await store.AcquireLeaseAsync("key", new(First, Long) { SeenVersion = old!.Version }, Cancel);

        Assert.Equal(LeaseState.Present, answer.State);
        Assert.Equal("new", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task AcquireLease_InvalidOneIsGone_Granted()
    {
        var store = await StartAsync();

        var answer = await store.AcquireLeaseAsync("key", new(First, Long) { SeenVersion = "gone" }, Cancel);

        Assert.Equal(LeaseState.Granted, answer.State);
    }

    [Fact]
    public async Task AcquireLease_ForcedWithAValueThere_GrantedAndTheValueStaysUntilTheCommit()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("old") with { Expiration = Long }, Cancel);

        var answer = await store.AcquireLeaseAsync("key", new(First, Long) { Force = true }, Cancel);

        Assert.Equal(LeaseState.Granted, answer.State);
        Assert.Equal("old", await ReadTextAsync(store, "key"));
        Assert.True(await store.CommitAsync("key", First, Value("new"), Cancel));
        Assert.Equal("new", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task AcquireLease_ForcedWithAValueThatEnds_TheLeaseDoesNotKeepItAlive()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("old") with { Expiration = Unit * 2 }, Cancel);
        await store.AcquireLeaseAsync("key", new(First, Long) { Force = true }, Cancel);

        await ElapseAsync(2.2);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Commit_OfTheHolder_WritesEverything()
    {
        var store = await StartAsync();
        var stamp = (await store.ReadTagsAsync([], Cancel)).Now;
        await AcquireAsync(store, First);

        var isWritten = await store.CommitAsync("key", First, Value("value") with
        {
            Expiration = Long, SlidingExpiration = TimeSpan.FromMinutes(1), Stamp = stamp, Tags = ["t"],
        }, Cancel);

        Assert.True(isWritten);
        var entry = await store.ReadAsync("key", Cancel);
        Assert.Equal("value", Text(entry));
        Assert.Equal(["t"], entry!.Tags!);
        Assert.Equal(stamp, entry!.Stamp);
        Assert.Equal(TimeSpan.FromMinutes(1), entry!.SlidingExpiration);
        Assert.InRange(entry!.ExpiresIn!.Value, TimeSpan.FromMinutes(4), Long);
        Assert.False(string.IsNullOrEmpty(entry!.Version));
        Assert.Equal(LeaseState.Present, await AcquireAsync(store, Second));
    }

    [Fact]
    public async Task RenewLease_OfTheHolder_True()
    {
        var store = await StartAsync();
        await AcquireAsync(store, First);

        Assert.True(await store.RenewLeaseAsync("key", First, Long, Cancel));
    }

    [Fact]
    public async Task ReleaseLease_OfTheHolder_TheNextOneIsGrantedIt()
    {
        var store = await StartAsync();
        await AcquireAsync(store, First);

        await store.ReleaseLeaseAsync("key", First, null, Cancel);

        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, Second));
    }

    [Fact]
    public async Task AcquireLease_HeldByAnotherNode_HeldForWhatIsLeftOfIt()
    {
        var a = await StartAsync(StoreCapabilities.Leases);
        var b = await StartAsync("b");
        await a.AcquireLeaseAsync("key", new(First, Unit * 20), Cancel);
        await ElapseAsync(1);

        var answer = await b.AcquireLeaseAsync("key", new(Second, Long), Cancel);

        Assert.Equal(LeaseState.Held, answer.State);
        Assert.InRange(answer.HeldFor, Unit, Unit * 19);
    }

    [Fact]
    public async Task AcquireLease_ByManyAtOnce_GrantedToOne()
    {
        var a = await StartAsync(StoreCapabilities.Leases);
        var b = await StartAsync("b");

        var states = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => AcquireAsync(i % 2 == 0 ? a : b, new($"t-{i}"))));

        Assert.Single(states, LeaseState.Granted);
        Assert.Equal(99, states.Count(state => state == LeaseState.Held));
    }

    [Fact]
    public async Task AcquireLease_OfDifferentKeys_EachGranted()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        foreach (var key in OddKeys)
        {
            Assert.Equal(LeaseState.Granted, await AcquireAsync(store, First, key: key));
        }

        foreach (var key in OddKeys)
        {
            Assert.True(await store.CommitAsync(key, First, Value("of " + key), Cancel));
            Assert.Equal("of " + key, await ReadTextAsync(store, key));
        }
    }

    [Fact]
    public async Task AcquireLease_AfterTheFormerLapsed_GrantedAndTheFormerCanNeitherRenewNorCommit()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First, Unit);

        await ElapseAsync(1.2);

        Assert.False(await store.RenewLeaseAsync("key", First, Long, Cancel));
        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, Second));
        Assert.False(await store.RenewLeaseAsync("key", First, Long, Cancel));
        Assert.False(await store.CommitAsync("key", First, Value("first"), Cancel));
        Assert.Null(await store.ReadAsync("key", Cancel));
        Assert.True(await store.CommitAsync("key", Second, Value("second"), Cancel));
        Assert.Equal("second", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task Commit_AfterTheLeaseLapsedAndTheKeyWasRemoved_Refused()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First, Unit);

        await ElapseAsync(1.2);
        await store.RemoveAsync(["key"], Cancel);

        Assert.False(await store.CommitAsync("key", First, Value("late"), Cancel));
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task RenewLease_AgainAndAgain_KeepsIt()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First, Unit * 12);

        for (var i = 0; i < 3; i++)
        {
            await ElapseAsync(5);
            Assert.True(await store.RenewLeaseAsync("key", First, Unit * 12, Cancel));
        }

        Assert.Equal(LeaseState.Held, await AcquireAsync(store, Second));
        Assert.True(await store.CommitAsync("key", First, Value("value"), Cancel));
    }

    [Fact]
    public async Task RenewLease_ForLess_EndsItSooner()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First, Long);

        Assert.True(await store.RenewLeaseAsync("key", First, Unit, Cancel));
        await ElapseAsync(1.2);

        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, Second));
    }

    [Fact]
    public async Task RenewAndRelease_BySomebodyElse_ChangeNothing()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First);

        Assert.False(await store.RenewLeaseAsync("key", Second, Long, Cancel));
        await store.ReleaseLeaseAsync("key", Second, null, Cancel);
        Assert.False(await store.CommitAsync("key", Second, Value("second"), Cancel));

        Assert.True(await store.CommitAsync("key", First, Value("first"), Cancel));
        Assert.Equal("first", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task RenewAndCommit_NobodyHoldsIt_Refused()
    {
        var store = await StartAsync(StoreCapabilities.Leases);

        Assert.False(await store.RenewLeaseAsync("key", First, Long, Cancel));
        Assert.False(await store.CommitAsync("key", First, Value("value"), Cancel));
        await store.ReleaseLeaseAsync("key", First, null, Cancel);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Commit_Twice_TheSecondIsRefused()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First);

        Assert.True(await store.CommitAsync("key", First, Value("one"), Cancel));
        Assert.False(await store.CommitAsync("key", First, Value("two"), Cancel));

        Assert.Equal("one", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task Commit_AfterRemove_Refused()
    {
        var a = await StartAsync(StoreCapabilities.Leases);
        var b = await StartAsync("b");
        await AcquireAsync(a, First);

        await b.RemoveAsync(["key"], Cancel);

        Assert.False(await a.RenewLeaseAsync("key", First, Long, Cancel));
        Assert.False(await a.CommitAsync("key", First, Value("old"), Cancel));
        Assert.Null(await a.ReadAsync("key", Cancel));
        Assert.Equal(LeaseState.Granted, await AcquireAsync(b, Second));
    }

    [Fact]
    public async Task Commit_AfterSet_RefusedAndTheSetValueStays()
    {
        var a = await StartAsync(StoreCapabilities.Leases);
        var b = await StartAsync("b");
        await AcquireAsync(a, First);

        await b.SetAsync("key", Value("set"), Cancel);

        Assert.False(await a.CommitAsync("key", First, Value("old"), Cancel));
        Assert.Equal("set", await ReadTextAsync(a, "key"));
    }

    [Fact]
    public async Task Commit_AfterRelease_Refused()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First);

        await store.ReleaseLeaseAsync("key", First, null, Cancel);

        Assert.False(await store.CommitAsync("key", First, Value("value"), Cancel));
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task AcquireLease_ForcedWhileSomebodyHoldsIt_TakenOverAndTheFormerCommitIsRefused()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First);

        var answer = await store.AcquireLeaseAsync("key", new(Second, Long) { Force = true }, Cancel);

        Assert.Equal(LeaseState.Granted, answer.State);
        Assert.False(await store.CommitAsync("key", First, Value("first"), Cancel));
        Assert.True(await store.CommitAsync("key", Second, Value("second"), Cancel));
        Assert.Equal("second", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task AcquireLease_OfAnSeenVersionBySeveral_TheOthersAreToldThatItIsHeld()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await store.SetAsync("key", Value("invalid"), Cancel);
        var version = (await store.ReadAsync("key", Cancel))!.Version;

        var first = await store.AcquireLeaseAsync("key", new(First, Long) { SeenVersion = version }, Cancel);
        var second = await store.AcquireLeaseAsync("key", new(Second, Long) { SeenVersion = version }, Cancel);

        Assert.Equal(LeaseState.Granted, first.State);
        Assert.Equal(LeaseState.Held, second.State);
    }

    [Fact]
    public async Task ReleaseLease_WithAValueThere_TheValueStays()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value"), Cancel);
        await store.AcquireLeaseAsync("key", new(First, Long) { Force = true }, Cancel);

        await store.ReleaseLeaseAsync("key", First, null, Cancel);

        Assert.Equal("value", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task Touch_OfALeasedKeyWithoutAValue_LeavesTheLeaseAlone()
    {
        var store = await StartAsync(StoreCapabilities.Leases);
        await AcquireAsync(store, First, Unit);

        await store.TouchAsync("key", TimeSpan.Zero, Cancel);
        await ElapseAsync(1.2);

        Assert.Equal(LeaseState.Granted, await AcquireAsync(store, Second));
    }

    private static async Task<LeaseState> AcquireAsync(ILarderStore store, LeaseToken token, TimeSpan? timeToLive = null, string key = "key") =>
        (await store.AcquireLeaseAsync(key, new(token, timeToLive ?? Long), Cancel)).State;
}
