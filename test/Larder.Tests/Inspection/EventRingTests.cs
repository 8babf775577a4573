using Larder.Inspection;
using Xunit;

namespace Larder.Tests.Inspection;

public sealed class EventRingTests
{
    private readonly EventRing _ring = new();

    [Fact]
    public void After_TheFirstTime_GivesTheLastFew()
    {
        Add(200);

        var batch = _ring.After(null);

        Assert.Equal((200L, 0L, 50), (batch.Last, batch.Missed, batch.Events.Count));
        Assert.Equal("199", batch.Events[^1].Subject);
    }

    [Fact]
    public void After_TooManySince_SaysHowManyAreGone()
    {
        Add(10);
        var first = _ring.After(null);
        Add(2000);

        var batch = _ring.After(first.Last);

        Assert.Equal((2010L, 2000L - 1024, 1024), (batch.Last, batch.Missed, batch.Events.Count));
        Assert.Equal("1999", batch.Events[^1].Subject);
    }

    [Fact]
    public void After_ANumberOfAnEarlierWatch_BeginsAnew()
    {
        Add(3);

        Assert.Equal(3, _ring.After(500).Events.Count);
    }

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _ring.Add(new LiveEvent { At = default, Kind = LarderEventKind.Hit, Subject = $"{i}" });
        }
    }
}
