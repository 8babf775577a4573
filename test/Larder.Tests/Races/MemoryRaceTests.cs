using Larder.Testing;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Races;

/// <summary>The races of one node, where no lease of a store helps the fence.</summary>
public sealed class MemoryRaceTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
    private readonly Gate _gate = new();

    public enum Change
    {
        Remove,
        RemoveMany,
        Set,
        RemoveByTag,
        Clear,
    }

    public static TheoryData<Change> Changes => [.. Enum.GetValues<Change>()];

    private LarderCache Cache => _services.GetRequiredService<LarderCache>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task R5_InvalidationWhileTheFactoryRuns_OldValueIsNotKept(Change change)
    {
        var slow = SlowAsync();
        await _gate.Reached;

        await InvalidateAsync(change);
        _gate.Open();

        Assert.Equal("old", await slow);
        Assert.Equal("new", await NewAsync());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task R6_CallerAfterAnInvalidation_DoesNotJoinTheFactoryFromBefore(Change change)
    {
        var slow = SlowAsync();
        await _gate.Reached;

        await InvalidateAsync(change);

        Assert.Equal("new", await NewAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel));
        _gate.Open();
        Assert.Equal("old", await slow);
        Assert.Equal("new", (await Cache.TryGetAsync<string>("k", Cancel)).Value);
    }

    [Fact]
    public async Task Factory_ThatHangs_BlocksTheKeyNoLongerThanItMay()
    {
        await using var services = new ServiceCollection()
            .AddLarder(options => options.Lease.MaximumDuration = TimeSpan.FromMilliseconds(300)).Services.BuildServiceProvider();
        var cache = services.GetRequiredService<HybridCache>();
        var hung = cache.GetOrCreateAsync("k", _gate, static async (gate, token) =>
        {
            await gate.PassAsync(token);
            return "late";
        }).AsTask();
        await _gate.Reached;

        var joined = await cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("new"), cancellationToken: Cancel)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Equal("new", joined);
        _gate.Open();
        Assert.Equal("late", await hung);
        Assert.Equal("new", await cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("never"), cancellationToken: Cancel));
    }

    private Task<string> SlowAsync() => Cache.GetOrCreateAsync(
        "k",
        _gate,
        static async (gate, token) =>
        {
            await gate.PassAsync(token);
            return "old";
        },
        tags: ["t"]).AsTask();

    private ValueTask<string> NewAsync() => Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("new"), cancellationToken: Cancel);

    private ValueTask InvalidateAsync(Change change) => change switch
    {
        Change.Remove => Cache.RemoveAsync("k", Cancel),
        Change.RemoveMany => Cache.RemoveAsync(["other", "k"], Cancel),
        Change.Set => Cache.SetAsync("k", "new", cancellationToken: Cancel),
        Change.RemoveByTag => Cache.RemoveByTagAsync("t", Cancel),
        _ => Cache.ClearAsync(Cancel),
    };
}
