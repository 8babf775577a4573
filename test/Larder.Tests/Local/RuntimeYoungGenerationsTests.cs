using System.Runtime;
using Larder.Local;
using Larder.Testing;
using Xunit;

namespace Larder.Tests.Local;

[Collection(nameof(Alone))]
public sealed class RuntimeYoungGenerationsTests
{
    private static readonly RuntimeYoungGenerations Young = RuntimeYoungGenerations.Instance;

    [Fact]
    public async Task Collect_ThereIsACollectionSoon()
    {
        var (collections, last) = (Young.Collections, Young.Last);

        Young.Collect();

        await Eventually.TrueAsync(() => Young.Last.Number > last.Number, message: "the young generations were collected");
        Assert.True(Young.Collections > collections);
        Assert.InRange(Young.Last.Pause, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Last_CollectionOfTheWholeHeap_IsNotOne()
    {
        GC.Collect(0);
        var last = Young.Last;

        GC.Collect();

        Assert.Equal(last, Young.Last);
    }

    [Fact]
    public async Task Collect_InTheAppsRegionWithoutCollections_LeavesIt()
    {
        Assert.True(GC.TryStartNoGCRegion(16 << 20));
        var collections = Young.Collections;

        Young.Collect();
        await Task.Delay(200, TestContext.Current.CancellationToken);

        Assert.Equal((GCLatencyMode.NoGCRegion, collections), (GCSettings.LatencyMode, Young.Collections));
        GC.EndNoGCRegion();
    }
}
