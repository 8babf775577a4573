using Xunit;
using Larder.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Tests.Diagnostics;

/// <summary>Who has left no longer costs a hit anything. One number for the process: no other test may run meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class AudienceTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLarder().Services.BuildServiceProvider();
    private readonly int _before = Audience.Count;

    private LarderCache Cache => _services.GetRequiredService<LarderCache>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Subscription_DisposedTwice_LeavesOnce()
    {
        var one = Cache.Events.Subscribe(static _ => { });
        var other = Cache.Events.Subscribe(static _ => { });
        Assert.Equal(_before + 2, Audience.Count);

        one.Dispose();
        one.Dispose();
        Assert.Equal(_before + 1, Audience.Count);

        other.Dispose();
        Assert.Equal(_before, Audience.Count);
    }

    [Fact]
    public void Watch_BegunTwice_IsOne()
    {
        var watch = Cache.Node.Watch();
        Assert.Same(watch, Cache.Node.Watch());
        Assert.Equal(_before + 1, Audience.Count);

        watch.Dispose();
        watch.Dispose();
        Assert.Equal(_before, Audience.Count);
    }

    [Fact]
    public async Task Cache_ThatReportsTags_IsThereUntilItIsDisposed()
    {
        var services = new ServiceCollection().AddLarder(static options => options.ReportTagMetrics = true).Services.BuildServiceProvider();
        var cache = services.GetRequiredService<LarderCache>();
        Assert.Equal(_before + 1, Audience.Count);

        await services.DisposeAsync();
        await cache.DisposeAsync();
        Assert.Equal(_before, Audience.Count);
    }

    [Fact]
    public void Cache_Disposed_TakesItsAudienceAlong()
    {
        Cache.Events.Subscribe(static _ => { });
        Cache.Node.Watch();

        _services.Dispose();

        Assert.Equal(_before, Audience.Count);
    }
}
