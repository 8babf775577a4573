using System.Collections.Concurrent;
using Larder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Diagnostics;

public sealed class LarderEventsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
    private readonly ConcurrentQueue<LarderEvent> _seen = new();

    private LarderCache Cache => _services.GetRequiredService<LarderCache>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Subscribe_CallsAndInvalidations_InTheirOrder()
    {
        using var subscription = Cache.Events.Subscribe(_seen.Enqueue);

        await GetAsync("k");
        await GetAsync("k");
        await Cache.RemoveAsync("k", Cancel);
        await Cache.RemoveByTagAsync("t", Cancel);

        await Eventually.TrueAsync(() => _seen.Count == 4, message: "four events");
        Assert.Equal(
            [(LarderEventKind.Miss, "k"), (LarderEventKind.Hit, "k"), (LarderEventKind.Remove, "k"), (LarderEventKind.Tag, "t")],
            _seen.Select(static seen => (seen.Kind, seen.Subject)));
        Assert.Equal(CacheLevel.L1, _seen.ElementAt(1).Level);
        Assert.Equal(0, subscription.Dropped);
    }

    [Fact]
    public async Task Subscribe_HandlerThatThrows_LosesThatEventAlone()
    {
        using var subscription = Cache.Events.Subscribe(seen =>
        {
            _seen.Enqueue(seen);
            throw new InvalidOperationException("A handler of the app.");
        });

        Assert.Equal("value", await GetAsync("a"));
        Assert.Equal("value", await GetAsync("b"));

        await Eventually.TrueAsync(() => _seen.Count == 2 && subscription.Failed == 2, message: "both were handled");
    }

    [Fact]
    public async Task Subscribe_HandlerThatHangs_CacheGoesOnAndFurtherEventsAreCountedAsDropped()
    {
        var gate = new Gate();
        using var subscription = Cache.Events.Subscribe(_ => gate.PassAsync().GetAwaiter().GetResult(), capacity: 2);
        await GetAsync("first");
        await gate.Reached;

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("value", await GetAsync($"k{i}"));
        }

        Assert.Equal(8, subscription.Dropped);
        gate.Open();
    }

    [Fact]
    public async Task Dispose_NoEventsAnyMore()
    {
        var subscription = Cache.Events.Subscribe(_seen.Enqueue);
        await GetAsync("a");
        await Eventually.TrueAsync(() => _seen.Count == 1, message: "one event");

        subscription.Dispose();
        await GetAsync("b");

        Assert.Single(_seen);
    }

    private ValueTask<string> GetAsync(string key) => Cache.GetOrCreateAsync(key, static _ => ValueTask.FromResult("value"), cancellationToken: Cancel);
}
