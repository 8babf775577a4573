using Larder.Stores;
using Xunit;

namespace Larder.Testing.Conformance;

/// <summary>Entries end when they are told to: never later, and never earlier because of anything but an invalidation.</summary>
public abstract class ExpirationConformance : EntryConformance
{
    [Fact]
    public async Task AbsoluteExpiration_Passed_EndsTheEntry()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { Expiration = Unit * 3 }, Cancel);

        await ElapseAsync(1);
        var during = await store.ReadAsync("key", Cancel);
        await ElapseAsync(2.2);

        Assert.NotNull(during);
        Assert.InRange(during!.ExpiresIn!.Value, TimeSpan.Zero, Unit * 2.1);
        Assert.InRange(during!.Age ?? Unit, Unit * 0.9, Unit * 3);
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task AbsoluteExpiration_OfACommit_EndsTheEntry()
    {
        var store = await StartAsync();
        var token = new LeaseToken("a-1");
        await store.AcquireLeaseAsync("key", new(token, TimeSpan.FromMinutes(1)), Cancel);
        Assert.True(await store.CommitAsync("key", token, Value("value") with { Expiration = Unit * 2 }, Cancel));
        Assert.Equal("value", await ReadTextAsync(store, "key"));

        await ElapseAsync(2.2);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task AbsoluteExpiration_OfAnEntryReplacedByOneWithout_IsGone()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("old") with { Expiration = Unit, SlidingExpiration = Unit }, Cancel);
        await store.SetAsync("key", Value("new"), Cancel);

        await ElapseAsync(2);

        Assert.Equal("new", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task SlidingExpiration_PassedWithoutATouch_EndsTheEntry()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 2 }, Cancel);

        await ElapseAsync(2.2);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Read_OfASlidingEntry_DoesNotKeepItAlive()
    {
        Assert.SkipWhen(ReadingSlides, "Here every read slides the entry.");
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 3 }, Cancel);

        await ElapseAsync(2);
        Assert.NotNull(await store.ReadAsync("key", Cancel));
        await ElapseAsync(1.2);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Touch_OfASlidingEntry_KeepsItAlive()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 4 }, Cancel);

        for (var i = 0; i < 3; i++)
        {
            await ElapseAsync(2.5);
            await store.TouchAsync("key", TimeSpan.Zero, Cancel);
        }

        Assert.Equal("value", await ReadTextAsync(store, "key"));
        await ElapseAsync(4.2);
        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Touch_ByAnotherNode_KeepsItAlive()
    {
        var a = await StartAsync("a");
        var b = await StartAsync("b");
        await a.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 3 }, Cancel);

        await ElapseAsync(2);
        await b.TouchAsync("key", TimeSpan.Zero, Cancel);
        await ElapseAsync(2);

        Assert.Equal("value", await ReadTextAsync(a, "key"));
    }

    [Fact]
    public async Task Touch_OfAnEntryReadSomeTimeAgo_CountsFromThatRead()
    {
        Assert.SkipUnless(TouchCountsIdleTime, "Here a touch counts from now.");
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 5 }, Cancel);

        await ElapseAsync(3);
        await store.TouchAsync("key", Unit * 2, Cancel); // 3 left
        await ElapseAsync(2.5);
        Assert.NotNull(await store.ReadAsync("key", Cancel));
        await ElapseAsync(0.7);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Touch_OfAnEntryReadLongAgo_NeverShortens()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 4 }, Cancel);

        await store.TouchAsync("key", Unit * 3.9, Cancel);
        await store.TouchAsync("key", Unit * 100, Cancel);
        await ElapseAsync(3);

        Assert.Equal("value", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task Touch_OfAnEntryWithBothExpirations_NeverBeyondTheAbsolute()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 3, Expiration = Unit * 5 }, Cancel);

        await ElapseAsync(2);
        await store.TouchAsync("key", TimeSpan.Zero, Cancel);
        await ElapseAsync(2);
        await store.TouchAsync("key", TimeSpan.Zero, Cancel);
        Assert.NotNull(await store.ReadAsync("key", Cancel));
        await ElapseAsync(1.2);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Touch_OfAnEntryWithBothExpirations_ChangesNothingThatAReadShows()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 30, Expiration = Unit * 50, Tags = ["t"] }, Cancel);
        var before = await store.ReadAsync("key", Cancel);

        await ElapseAsync(1);
        await store.TouchAsync("key", TimeSpan.Zero, Cancel);

        var after = await store.ReadAsync("key", Cancel);
        Assert.Equal(before!.Version, after!.Version);
        Assert.Equal(before!.SlidingExpiration, after!.SlidingExpiration);
        Assert.True(after!.ExpiresIn < before!.ExpiresIn);
    }

    [Fact]
    public async Task SlidingExpiration_LongerThanTheAbsolute_IsCapped()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value") with { SlidingExpiration = Unit * 100, Expiration = Unit * 2 }, Cancel);
        await store.TouchAsync("key", TimeSpan.Zero, Cancel);

        await ElapseAsync(2.2);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Touch_OfAnEntryThatDoesNotSlide_DoesNothing()
    {
        var store = await StartAsync();
        await store.SetAsync("ends", Value("value") with { Expiration = Unit * 2 }, Cancel);
        await store.SetAsync("stays", Value("value"), Cancel);

        await ElapseAsync(1);
        await store.TouchAsync("ends", TimeSpan.Zero, Cancel);
        await store.TouchAsync("stays", TimeSpan.Zero, Cancel);
        await ElapseAsync(1.2);

        Assert.Null(await store.ReadAsync("ends", Cancel));
        Assert.Equal("value", await ReadTextAsync(store, "stays"));
    }

    [Fact]
    public async Task Touch_OfNothing_MakesNothing()
    {
        var store = await StartAsync();

        await store.TouchAsync("key", TimeSpan.Zero, Cancel);

        Assert.Null(await store.ReadAsync("key", Cancel));
    }
}
