using Larder.Stores;
using Xunit;

namespace Larder.Testing.Conformance;

/// <summary>Entries are kept as they were written, each under its own key.</summary>
public abstract class EntryConformance : StoreHarness
{
    /// <summary>
    /// Keys that a careless store would split, fold, match as a pattern or take for its own. None begins with <c>larder:</c>:
    /// those are the store's, and the cache accepts no such key.
    /// </summary>
    public static IReadOnlyList<string> OddKeys { get; } =
    [
        "plain", "Plain", "PLAIN", " ", "  ", "with space", " leading", "trailing ", "tab\t", "line\nbreak", "line\r\nbreak", "nul\0byte",
        "a:b", "a::b", ":", "{slot}", "{", "}", "}{", "{a}{b}", "{}", "*", "?", "[a-z]", "\\", "'\"`", "$1", "%00", "../..", "/",
        "ключ", "キー", "🥫", "é", "e\u0301", "\u200b", "larder", "Larder:clock", "lease", "feed", "tags", "clock",
        "tag:a", "absexp", "null", "1", "01", "-1", new('k', 2_000),
    ];

    [Fact]
    public async Task Description_OfAStore_IsOneLine()
    {
        var store = await StartAsync();

        Assert.NotEmpty(store.Description);
        Assert.DoesNotContain('\n', store.Description);
    }

    [Fact]
    public async Task Read_NothingThere_Null()
    {
        var store = await StartAsync();

        Assert.Null(await store.ReadAsync("key", Cancel));
    }

    [Fact]
    public async Task Read_AfterSet_EverythingThatWasWritten()
    {
        var store = await StartAsync();
        var stamp = (await store.ReadTagsAsync([], Cancel)).Now;
        string[] tags = ["one", "two words", "drei,vier", "🥫", "{x}", "\"quoted\"", "a\nb"];
        await store.SetAsync("key", Value("value") with
        {
            Expiration = TimeSpan.FromHours(2),
            SlidingExpiration = TimeSpan.FromHours(1),
            Stamp = stamp with { Number = 9_007_199_254_740_991 },
            Tags = tags,
        }, Cancel);

        var entry = await store.ReadAsync("key", Cancel);

        Assert.NotNull(entry);
        Assert.Equal("value", Text(entry));
        Assert.Equal(tags, entry!.Tags);
        Assert.Equal(stamp with { Number = 9_007_199_254_740_991 }, entry!.Stamp);
        Assert.Equal(TimeSpan.FromHours(1), entry!.SlidingExpiration);
        Assert.InRange(entry!.ExpiresIn!.Value, TimeSpan.FromHours(2) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(2));
        Assert.InRange(entry!.Age ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.False(string.IsNullOrEmpty(entry!.Version));
    }

    [Fact]
    public async Task Read_AfterSetOfNothingButAValue_NothingElse()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value"), Cancel);

        var entry = await store.ReadAsync("key", Cancel);

        Assert.Equal("value", Text(entry));
        Assert.Null(entry!.Tags);
        Assert.Null(entry!.ExpiresIn);
        Assert.Null(entry!.SlidingExpiration);
        Assert.Null(entry!.Stamp.Generation);
    }

    [Fact]
    public async Task Set_OverAnEntry_ReplacesAllOfIt()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("old") with
        {
            Expiration = TimeSpan.FromHours(2), SlidingExpiration = TimeSpan.FromHours(1), Stamp = new("gen", 7), Tags = ["a"],
        }, Cancel);
        var old = await store.ReadAsync("key", Cancel);

        await store.SetAsync("key", Value("new"), Cancel);

        var entry = await store.ReadAsync("key", Cancel);
        Assert.Equal("new", Text(entry));
        Assert.Null(entry!.Tags);
        Assert.Null(entry!.ExpiresIn);
        Assert.Null(entry!.SlidingExpiration);
        Assert.Equal(default, entry!.Stamp);
        Assert.NotEqual(old!.Version, entry!.Version);
    }

    [Fact]
    public async Task Set_TheSameTwice_AnotherVersion()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value"), Cancel);
        var first = await store.ReadAsync("key", Cancel);

        await store.SetAsync("key", Value("value"), Cancel);

        Assert.NotEqual(first!.Version, (await store.ReadAsync("key", Cancel))!.Version);
    }

    [Fact]
    public async Task Set_ByTwoNodes_DifferentVersions()
    {
        var a = await StartAsync("a");
        var b = await StartAsync("b");
        await a.SetAsync("key", Value("value"), Cancel);
        var first = await b.ReadAsync("key", Cancel);

        await b.SetAsync("key", Value("value"), Cancel);

        Assert.NotEqual(first!.Version, (await a.ReadAsync("key", Cancel))!.Version);
    }

    [Fact]
    public async Task Read_OfAnotherNode_SeesTheWrite()
    {
        var a = await StartAsync("a");
        var b = await StartAsync("b");

        await a.SetAsync("key", Value("value"), Cancel);

        Assert.Equal("value", await ReadTextAsync(b, "key"));
    }

    [Fact]
    public async Task Remove_OfSomeKeys_RemovesJustThem()
    {
        var store = await StartAsync();
        foreach (var key in (string[])["a", "b", "c"])
        {
            await store.SetAsync(key, Value(key), Cancel);
        }

        await store.RemoveAsync(["a", "c", "not there"], Cancel);

        Assert.Null(await store.ReadAsync("a", Cancel));
        Assert.Equal("b", await ReadTextAsync(store, "b"));
        Assert.Null(await store.ReadAsync("c", Cancel));
    }

    [Fact]
    public async Task Remove_OfNoKeys_DoesNothing()
    {
        var store = await StartAsync();
        await store.SetAsync("key", Value("value"), Cancel);

        await store.RemoveAsync([], Cancel);

        Assert.Equal("value", await ReadTextAsync(store, "key"));
    }

    [Fact]
    public async Task Remove_OfManyKeys_RemovesAll()
    {
        var store = await StartAsync();
        var keys = Enumerable.Range(0, 1_000).Select(i => $"key{i}").ToArray();
        await Task.WhenAll(keys.Select(key => store.SetAsync(key, Value(key), Cancel).AsTask()));

        await store.RemoveAsync(keys, Cancel);

        Assert.All(await Task.WhenAll(keys.Select(key => store.ReadAsync(key, Cancel).AsTask())), entry => Assert.Null(entry));
    }

    [Fact]
    public async Task Set_EmptyPayload_IsAnEntry()
    {
        var store = await StartAsync();
        await store.SetAsync("key", new StoreWrite { Payload = default }, Cancel);

        var entry = await store.ReadAsync("key", Cancel);

        Assert.NotNull(entry);
        Assert.True(entry!.Payload.IsEmpty);
    }

    [Fact]
    public async Task Set_TenMegabytes_ComeBack()
    {
        var store = await StartAsync();
        var payload = new byte[10 * 1024 * 1024];
        new Random(1).NextBytes(payload);

        await store.SetAsync("key", new StoreWrite { Payload = payload }, Cancel);

        Assert.True((await store.ReadAsync("key", Cancel))!.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Set_PartOfABuffer_JustThatPart()
    {
        var store = await StartAsync();
        var payload = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();

        await store.SetAsync("key", new StoreWrite { Payload = payload.AsMemory(10, 200) }, Cancel);

        Assert.Equal(payload[10..210], (await store.ReadAsync("key", Cancel))!.Payload.ToArray());
    }

    [Fact]
    public async Task Set_OddKeys_EachIsItsOwn()
    {
        var store = await StartAsync();
        await store.InvalidateTagsAsync(["a"], Cancel);
        foreach (var key in OddKeys)
        {
            await store.SetAsync(key, Value("of " + key), Cancel);
        }

        foreach (var key in OddKeys)
        {
            Assert.Equal("of " + key, await ReadTextAsync(store, key));
        }

        await store.RemoveAsync(OddKeys, Cancel);
        foreach (var key in OddKeys)
        {
            Assert.Null(await store.ReadAsync(key, Cancel));
        }
    }

    [Fact]
    public async Task Set_OddKeys_LeaveTheTagClockAlone()
    {
        var store = await StartAsync();
        var before = await store.InvalidateTagsAsync(["a"], Cancel);

        foreach (var key in OddKeys)
        {
            await store.SetAsync(key, Value("value"), Cancel);
            await store.RemoveAsync([key], Cancel);
        }

        var after = await store.ReadTagsAsync(["a"], Cancel);
        Assert.Equal(before.Now, after.Now);
        Assert.Equal(before.Numbers, after.Numbers);
    }

    [Fact]
    public async Task Prefix_OfAnotherCache_KeepsEntriesApart()
    {
        var one = await StartAsync();
        var other = await StartAsync(prefix: Prefix + "other:");
        await one.SetAsync("key", Value("one"), Cancel);
        await other.SetAsync("key", Value("other"), Cancel);

        await one.RemoveAsync(["key"], Cancel);

        Assert.Null(await one.ReadAsync("key", Cancel));
        Assert.Equal("other", await ReadTextAsync(other, "key"));
    }

    [Fact]
    public async Task AnyCall_WithACancelledToken_ThrowsOrWorks()
    {
        var store = await StartAsync();
        var cancelled = new CancellationToken(canceled: true);

        try
        {
            await store.SetAsync("key", Value("value"), cancelled);
            Assert.Equal("value", await ReadTextAsync(store, "key"));
        }
        catch (OperationCanceledException)
        {
        }
    }
}
