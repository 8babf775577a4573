using System.Reflection;
using Microsoft.Extensions.Caching.Hybrid;
using Xunit;

namespace Larder.Testing.HybridCacheContract;

/// <summary>Every overload does the same thing, on the same entry.</summary>
public abstract class OverloadContract : ContractHarness
{
    public static TheoryData<Overload> All => [.. Enum.GetValues<Overload>()];

    [Fact]
    public void Overloads_OfTheAbstractions_AreAllTested() => Assert.Equal(
        typeof(HybridCache).GetMethods(BindingFlags.Public | BindingFlags.Instance).Count(method => method.Name == nameof(HybridCache.GetOrCreateAsync)),
        Enum.GetValues<Overload>().Length);

    [Theory]
    [MemberData(nameof(All))]
    public async Task GetOrCreate_Twice_RunsTheFactoryOnce(Overload overload)
    {
        var calls = 0;
        ValueTask<string> Make(CancellationToken cancellationToken) => new($"made {++calls}");

        Assert.Equal("made 1", await overload.GetOrCreateAsync(Cache, "key", Make, cancellationToken: Cancel));
        Assert.Equal("made 1", await overload.GetOrCreateAsync(Cache, "key", Make, cancellationToken: Cancel));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task GetOrCreate_OfAKeyThatAnotherOverloadCached_FindsIt(Overload overload)
    {
        await Cache.SetAsync("key", "set", cancellationToken: Cancel);

        Assert.Equal("set", await overload.GetOrCreateAsync(Cache, "key", static _ => ValueTask.FromResult("made"), cancellationToken: Cancel));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task GetOrCreate_FactoryIsNotSynchronous_ReturnsItsValue(Overload overload)
    {
        var made = await overload.GetOrCreateAsync(
            Cache,
            "key",
            static async _ =>
            {
                await Task.Yield();
                return "made";
            },
            cancellationToken: Cancel);

        Assert.Equal("made", made);
        Assert.Equal("made", (await Larder.TryGetAsync<string>("key", Cancel)).Value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task GetOrCreate_Options_AreObserved(Overload overload)
    {
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromHours(7) };

        await overload.GetOrCreateAsync(Cache, "key", static _ => ValueTask.FromResult("made"), options, cancellationToken: Cancel);

        var left = (await Larder.TryGetAsync<string>("key", Cancel)).ExpiresIn!.Value;
        Assert.InRange(left, TimeSpan.FromHours(6.9), TimeSpan.FromHours(7));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task GetOrCreate_Tags_AreObserved(Overload overload)
    {
        await overload.GetOrCreateAsync(Cache, "key", static _ => ValueTask.FromResult("old"), tags: ["a", "b"], cancellationToken: Cancel);
        await Cache.RemoveByTagAsync("b", Cancel);

        Assert.Equal("new", await overload.GetOrCreateAsync(Cache, "key", static _ => ValueTask.FromResult("new"), cancellationToken: Cancel));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task GetOrCreate_CallerCancels_FactorysTokenIsCancelled(Overload overload)
    {
        using var caller = new CancellationTokenSource();
        var gate = new Gate();
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = overload.GetOrCreateAsync(
            Cache,
            "key",
            async token =>
            {
                try
                {
                    await gate.PassAsync(token);
                    return "made";
                }
                finally
                {
                    ended.SetResult(token.IsCancellationRequested);
                }
            },
            cancellationToken: caller.Token).AsTask();
        await gate.Reached;

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(await ended.Task.WaitAsync(Cancel));
    }
}
