using Xunit;

namespace Larder.Testing.HybridCacheContract;

/// <summary>
/// What an app may expect of any <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/>, and of keys. Inherited once
/// for each kind of L2, and for none.
/// </summary>
public abstract class HybridCacheContractTests : ValueContract
{
    public static TheoryData<string> GoodKeys =>
    [
        "k", " ", "a b", "line\nbreak", "null\0character", "käse 🧀", "'\"{}[]*?\\", "Larder:x", new string('x', 32_768),
    ];

    public static TheoryData<string> BadKeys => ["", new string('x', 32_769), "half \ud83e", "\udd6b half", "larder:tags"];

    [Theory]
    [MemberData(nameof(GoodKeys))]
    public async Task Key_Good_IsItselfAndNoOther(string key)
    {
        await Cache.SetAsync(key, "set", cancellationToken: Cancel);

        Assert.Equal("set", (await Larder.TryGetAsync<string>(key, Cancel)).Value);
        Assert.Equal("set", (await (await OtherNodeAsync()).TryGetAsync<string>(key, Cancel)).Value);
        Assert.False((await Larder.TryGetAsync<string>("X" + key[1..], Cancel)).Found);
        await Cache.RemoveAsync(key, Cancel);
        Assert.False((await Larder.TryGetAsync<string>(key, Cancel)).Found);
    }

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task Key_Bad_IsAnArgumentExceptionThatSaysWhy(string key)
    {
        var failures = new[]
        {
            await Assert.ThrowsAsync<ArgumentException>(() => Cache.GetOrCreateAsync<string>(
                key, static _ => throw new InvalidOperationException("The factory ran."), cancellationToken: Cancel).AsTask()),
            await Assert.ThrowsAsync<ArgumentException>(() => Cache.GetOrCreateAsync<string>(
                key.AsSpan(), static _ => throw new InvalidOperationException("The factory ran."), cancellationToken: Cancel).AsTask()),
            await Assert.ThrowsAsync<ArgumentException>(() => Cache.SetAsync(key, "set", cancellationToken: Cancel).AsTask()),
            await Assert.ThrowsAsync<ArgumentException>(() => Cache.RemoveAsync(key, Cancel).AsTask()),
            await Assert.ThrowsAsync<ArgumentException>(() => Larder.TryGetAsync<string>(key, Cancel).AsTask()),
        };

        Assert.All(failures, failure => Assert.Equal("key", failure.ParamName));
        Assert.All(failures, failure => Assert.Contains("key", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Key_Null_IsAnArgumentNullException()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.GetOrCreateAsync(
            (string)null!, static _ => ValueTask.FromResult("never"), cancellationToken: Cancel).AsTask());
        await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.SetAsync(null!, "set", cancellationToken: Cancel).AsTask());
        await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.RemoveAsync((string)null!, Cancel).AsTask());
        await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.GetOrCreateAsync(
            "key", 0, (Func<int, CancellationToken, ValueTask<string>>)null!, cancellationToken: Cancel).AsTask());
    }
}
