using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class MemoryPressureTests
{
    private const int Entries = 1000;

    private readonly LocalCache _cache = new(new LocalOptions { MaximumEntries = Entries });
    private readonly MemoryPressure _pressure;
    private MemoryReading _memory = new(Collection: 1, Load: 50, HighLoad: 90);

    public MemoryPressureTests()
    {
        _pressure = new MemoryPressure(_cache, () => _memory);
        Fill();
    }

    [Fact]
    public void Heed_MemoryIsFine_ChangesNothing()
    {
        _memory = new MemoryReading(2, 89, 90);
        _pressure.Heed(100);

        Assert.Equal((Entries, 1.0), (_cache.Count, _cache.Allowance));
    }

    [Fact]
    public void Heed_MemoryIsShort_DropsATenthOncePerCollection()
    {
        _memory = new MemoryReading(2, 90, 90);
        _pressure.Heed(7);
        _pressure.Heed(7);
        Assert.Equal(900, _cache.Count);

        _memory = new MemoryReading(3, 95, 90);
        _pressure.Heed(7);
        Assert.Equal(810, _cache.Count);
    }

    [Fact]
    public void Heed_MemoryIsShort_StoresKeepWithinWhatIsLeft()
    {
        _memory = new MemoryReading(2, 90, 90);
        _pressure.Heed(100);

        Fill();

        Assert.Equal(900, _cache.Count);
    }

    [Fact]
    public void Heed_MemoryStaysShort_KeepsAHundredth()
    {
        for (var collection = 2; collection < 200; collection++)
        {
            _memory = new MemoryReading(collection, 99, 90);
            _pressure.Heed(100);
        }

        Assert.Equal(10, _cache.Count);
    }

    [Fact]
    public void Heed_MemoryIsFineAgain_GrowsBackWithinTwoMinutes()
    {
        for (var collection = 2; collection < 200; collection++)
        {
            _memory = new MemoryReading(collection, 99, 90);
            _pressure.Heed(100);
        }

        _memory = new MemoryReading(200, 50, 90);
        for (var second = 0; second < 100; second++)
        {
            _pressure.Heed(100);
        }

        Fill();
        Assert.Equal((Entries, 1.0), (_cache.Count, _cache.Allowance));
    }

    [Fact]
    public void Take_ThisProcess_IsAReadingOfItsLastCollection()
    {
        GC.Collect();
        var reading = MemoryReading.Take();

        Assert.True(reading.Collection > 0 && reading.Load > 0 && reading.HighLoad > 0);
    }

    private void Fill()
    {
        for (var i = 0; i < Entries; i++)
        {
            _cache.Set(new TestEntry($"{i}"));
        }
    }
}
