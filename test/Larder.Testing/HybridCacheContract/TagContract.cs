using Xunit;

namespace Larder.Testing.HybridCacheContract;

/// <summary>Tags: whatever carries one of those that are removed is gone, and nothing else.</summary>
public abstract class TagContract : FlagsContract
{
    [Fact]
    public async Task RemoveByTag_Tag_RemovesWhatCarriesIt()
    {
        await StoreAsync();

        await Cache.RemoveByTagAsync("a", Cancel);

        await AssertLeftAsync("b", "none");
    }

    [Fact]
    public async Task RemoveByTag_Tags_RemovesWhatCarriesAnyOfThem()
    {
        await StoreAsync();

        await Cache.RemoveByTagAsync(["a", "b", "a"], Cancel);

        await AssertLeftAsync("none");
    }

    [Fact]
    public async Task RemoveByTag_Star_RemovesEverything()
    {
        await StoreAsync();

        await Cache.RemoveByTagAsync("*", Cancel);

        await AssertLeftAsync();
    }

    [Fact]
    public async Task Clear_RemovesEverything()
    {
        await StoreAsync();

        await Larder.ClearAsync(Cancel);

        await AssertLeftAsync();
    }

    [Fact]
    public async Task RemoveByTag_UnknownTagOrNone_RemovesNothing()
    {
        await StoreAsync();

        await Cache.RemoveByTagAsync("never", Cancel);
        await Cache.RemoveByTagAsync((IEnumerable<string>)null!, Cancel);
        await Cache.RemoveByTagAsync([], Cancel);

        await AssertLeftAsync("a", "ab", "b", "none");
    }

    [Fact]
    public async Task RemoveByTag_ThenStoredAgain_IsThere()
    {
        await StoreAsync();
        await Cache.RemoveByTagAsync("a", Cancel);

        await Cache.SetAsync("a", "again", tags: ["a"], cancellationToken: Cancel);

        await AssertLeftAsync("a", "b", "none");
    }

    [Fact]
    public async Task Tags_WithSpacesQuotesAndColons_AreKeptApart()
    {
        await Cache.SetAsync("one", "set", tags: ["a b", "c:d", "\"é\""], cancellationToken: Cancel);
        await Cache.SetAsync("two", "set", tags: ["a", "b", "c", "d", "é"], cancellationToken: Cancel);

        await Cache.RemoveByTagAsync("c:d", Cancel);

        Assert.False((await Larder.TryGetAsync<string>("one", Cancel)).Found);
        Assert.True((await Larder.TryGetAsync<string>("two", Cancel)).Found);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    public async Task Tags_OneIsNone_IsAnArgumentExceptionAndTheFactoryDoesNotRun(string? tag)
    {
        string[] tags = ["good", tag!];

        await Assert.ThrowsAsync<ArgumentException>(() => Cache.SetAsync("key", "set", tags: tags, cancellationToken: Cancel).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => Cache.GetOrCreateAsync<string>(
            "key", static _ => throw new InvalidOperationException("The factory ran."), tags: tags, cancellationToken: Cancel).AsTask());
    }

    [Fact]
    public async Task RemoveByTag_OneIsNone_RemovesNothing()
    {
        await StoreAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Cache.RemoveByTagAsync(["a", ""], Cancel).AsTask());
        await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.RemoveByTagAsync((string)null!, Cancel).AsTask());

        await AssertLeftAsync("a", "ab", "b", "none");
    }

    private async Task StoreAsync()
    {
        await Cache.SetAsync("a", "set", tags: ["a"], cancellationToken: Cancel);
        await Cache.GetOrCreateAsync("ab", static _ => ValueTask.FromResult("made"), tags: ["a", "b"], cancellationToken: Cancel);
        await Cache.SetAsync("b", "set", tags: ["b"], cancellationToken: Cancel);
        await Cache.SetAsync("none", "set", cancellationToken: Cancel);
    }

    // On this node, and on one that starts now and has only L2.
    private async Task AssertLeftAsync(params string[] expected)
    {
        foreach (var node in new[] { Larder, await OtherNodeAsync() })
        {
            var left = new List<string>();
            foreach (var key in (string[])["a", "ab", "b", "none"])
            {
                if ((await node.TryGetAsync<string>(key, Cancel)).Found)
                {
                    left.Add(key);
                }
            }

            Assert.Equal(expected, left);
        }
    }
}
