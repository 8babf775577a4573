using Larder.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Local;

public sealed class CollectionPaceTests
{
    private const int Long = 10_240;

    private readonly FakeTimeProvider _time = new();
    private readonly FakeYoungGenerations _young = new();
    private readonly CollectionPace _pace;
    private TimeSpan _perStore = TimeSpan.FromMilliseconds(1);

    public CollectionPaceTests() => _pace = new CollectionPace(TimeSpan.FromMilliseconds(10), _young, new MonotonicClock(_time));

    [Fact]
    public void Add_ShortPauses_CallsForNothing()
    {
        for (var i = 0; i < 10; i++)
        {
            StoreAndCollect(Long, pause: 10);
        }

        Assert.Equal(0, _pace.Called);
    }

    [Fact]
    public void Add_AfterALongPause_CallsForTheNextAfterSoManyStoresAsTakeHalfOfTheGoal()
    {
        StoreAndCollect(Long, pause: 40);

        Assert.Equal(Long * 5 / 40, StoresUntilCall());
    }

    [Fact]
    public void Add_CalledForAndNotYetDone_CallsOnce()
    {
        StoreAndCollect(Long, pause: 40);

        Store(10 * Long);

        Assert.Equal(1, _pace.Called);
    }

    [Theory]
    [InlineData(2.4, 1.25)]
    [InlineData(2.6, 1)]
    [InlineData(10, 1)]
    [InlineData(20, 0.25)]
    public void Add_AfterAPauseThatWasCalledFor_TakesMoreStoresIfItWasMuchShorterAndFewerIfItWasLonger(double pause, double factor)
    {
        StoreAndCollect(4 * Long, pause: 40);
        var limit = StoresUntilCall();

        _young.Add(pause);
        Store(CollectionPace.Step);

        Assert.InRange(StoresUntilCall(), factor * limit, (factor * limit) + CollectionPace.Step);
    }

    [Fact]
    public void Add_ALongPauseAfterFewStores_CallsForNothing()
    {
        for (var i = 0; i < 2; i++)
        {
            StoreAndCollect(CollectionPace.LeastStores - CollectionPace.Step, pause: 40);
        }

        Store(10 * Long);
        Assert.Equal(0, _pace.Called);
    }

    [Fact]
    public void Add_SeveralCollectionsSinceTheLastLook_CallsForNothing()
    {
        Store(Long);
        _young.Add(40);
        _young.Add(40);

        Store(10 * Long);

        Assert.Equal(0, _pace.Called);
    }

    [Fact]
    public void Add_ACollectionOfTheWholeHeap_IsNoneOfTheYoungButBeginsTheCountAnew()
    {
        StoreAndCollect(Long, pause: 40);

        Store(CollectionPace.LeastStores);
        _young.AddFull();
        Store(CollectionPace.Step);

        Assert.Equal(Long * 5 / 40, StoresUntilCall());
    }

    [Fact]
    public void Add_FewerStoresDoNotHelp_GivesUpForAMinute()
    {
        StoreAndCollect(Long, pause: 40);
        for (var i = 0; i < 20; i++)
        {
            StoreAndCollect(2 * CollectionPace.LeastStores, pause: 40);
        }

        // To the least number of stores, and three times in vain.
        Assert.Equal(4, _pace.Called);

        _time.Advance(TimeSpan.FromSeconds(61));
        StoreAndCollect(Long, pause: 40);
        Store(Long);
        Assert.Equal(5, _pace.Called);
    }

    [Fact]
    public void Add_FewerStoresHalveThePause_GoesOnAtTheLeast()
    {
        StoreAndCollect(Long, pause: 100);
        for (var i = 0; i < 20; i++)
        {
            StoreAndCollect(3 * CollectionPace.LeastStores, pause: 40);
        }

        Assert.Equal(20, _pace.Called);
    }

    [Fact]
    public void Add_FewerStoresHelpNowAndThen_GoesOn()
    {
        StoreAndCollect(Long, pause: 40);
        for (var i = 0; i < 20; i++)
        {
            StoreAndCollect(2 * CollectionPace.LeastStores, pause: i % 3 == 2 ? 5 : 40);
        }

        Assert.Equal(20, _pace.Called);
    }

    [Fact]
    public void Add_ShortPausesThatCameEarlier_DoNotLoosenThePace()
    {
        StoreAndCollect(Long, pause: 40);
        for (var i = 0; i < 10; i++)
        {
            StoreAndCollect(512, pause: 1);
        }

        Assert.Equal(Long * 5 / 40, StoresUntilCall());
    }

    [Fact]
    public void Add_ManyStoresInAMoment_TakesATwentiethOfTheTimeAtMost()
    {
        _perStore = TimeSpan.Zero;
        StoreAndCollect(Long, pause: 100);

        Store(10 * Long);
        _time.Advance(TimeSpan.FromMilliseconds(1999));
        Store(CollectionPace.Step);
        Assert.Equal(0, _pace.Called);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Store(CollectionPace.Step);
        Assert.Equal(1, _pace.Called);
    }

    [Fact]
    public void Set_OfACache_Counts()
    {
        var cache = new LocalCache(new LocalOptions()) { Pace = _pace };
        for (var i = 0; i < Long - CollectionPace.Step; i++)
        {
            cache.Set(new TestEntry($"{i}"));
        }

        StoreAndCollect(CollectionPace.Step, pause: 40);
        Store(Long);

        Assert.Equal(1, _pace.Called);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(0, false)]
    public async Task CollectionPauseGoal_OfACache_IsKeptUnlessItIsZero(int ms, bool isKept)
    {
        await using var provider = new ServiceCollection()
            .AddLarder(options => options.Local.CollectionPauseGoal = TimeSpan.FromMilliseconds(ms)).Services.BuildServiceProvider();

        Assert.Equal(isKept, provider.GetRequiredService<LarderCache>().Node.Local.Local.Pace is not null);
    }

    // The pace sees the collection with the last of them.
    private void StoreAndCollect(int stores, double pause)
    {
        Store(stores - CollectionPace.Step);
        _young.Add(pause);
        Store(CollectionPace.Step);
    }

    private void Store(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(_perStore);
            _pace.Add();
        }
    }

    private int StoresUntilCall()
    {
        var (called, stores) = (_pace.Called, 0);
        for (; _pace.Called == called; stores++)
        {
            Assert.True(stores < 10 * Long, "It calls for none.");
            Store(1);
        }

        return stores;
    }

    private sealed class FakeYoungGenerations : IYoungGenerations
    {
        public int Collections { get; private set; }

        public YoungCollection Last { get; private set; }

        public void Add(double pause) => Last = new YoungCollection(++Collections, TimeSpan.FromMilliseconds(pause));

        public void AddFull() => Collections++;

        public void Collect()
        {
        }
    }
}
