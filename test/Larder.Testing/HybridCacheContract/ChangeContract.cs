using Xunit;

namespace Larder.Testing.HybridCacheContract;

/// <summary>Set and Remove, of one and of many.</summary>
public abstract class ChangeContract : OverloadContract
{
    [Fact]
    public async Task Set_ExistingKey_ReplacesItsValueOnAllNodes()
    {
        await Cache.SetAsync("key", "old", cancellationToken: Cancel);
        await Cache.SetAsync("key", "new", cancellationToken: Cancel);

        Assert.Equal("new", await MadeOr("key"));
        Assert.Equal("new", (await (await OtherNodeAsync()).TryGetAsync<string>("key", Cancel)).Value);
    }

    [Fact]
    public async Task Set_WithTags_IsRemovedByThem()
    {
        await Cache.SetAsync("key", "old", tags: ["a"], cancellationToken: Cancel);
        await Cache.RemoveByTagAsync("a", Cancel);

        Assert.Equal("made", await MadeOr("key"));
    }

    [Fact]
    public async Task Remove_Key_RemovesItAndNoOther()
    {
        await SetAsync("one", "two");

        await Cache.RemoveAsync("one", Cancel);

        Assert.Equal("made", await MadeOr("one"));
        Assert.Equal("set", await MadeOr("two"));
    }

    [Fact]
    public async Task Remove_KeyThatIsNotThere_DoesNothing()
    {
        await Cache.RemoveAsync("never", Cancel);

        Assert.Equal("made", await MadeOr("never"));
    }

    [Fact]
    public async Task Remove_Keys_RemovesAllOfThem()
    {
        await SetAsync("one", "two", "three");

        await Cache.RemoveAsync(["one", "three", "one", "never"], Cancel);

        Assert.Equal("made", await MadeOr("one"));
        Assert.Equal("set", await MadeOr("two"));
        Assert.Equal("made", await MadeOr("three"));
    }

    [Fact]
    public async Task Remove_NullOrNoKeys_DoesNothing()
    {
        await SetAsync("one");

        await Cache.RemoveAsync((IEnumerable<string>)null!, Cancel);
        await Cache.RemoveAsync([], Cancel);

        Assert.Equal("set", await MadeOr("one"));
    }

    [Fact]
    public async Task Remove_OneKeyOfManyIsBad_RemovesNone()
    {
        await SetAsync("one");

        await Assert.ThrowsAsync<ArgumentException>(() => Cache.RemoveAsync(["one", ""], Cancel).AsTask());

        Assert.Equal("set", await MadeOr("one"));
    }

    private async Task SetAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await Cache.SetAsync(key, "set", cancellationToken: Cancel);
        }
    }

    private ValueTask<string> MadeOr(string key) =>
        Cache.GetOrCreateAsync(key, static _ => ValueTask.FromResult("made"), cancellationToken: Cancel);
}
