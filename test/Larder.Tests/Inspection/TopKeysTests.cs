using Larder.Inspection;
using Xunit;

namespace Larder.Tests.Inspection;

public sealed class TopKeysTests
{
    [Fact]
    public void Read_AfterFarMoreKeysThanPlaces_HasTheFrequentOnesAndItsErrorIsBounded()
    {
        var top = new TopKeys();
        var random = new Random(42);
        var real = new Dictionary<string, long>();
        for (var i = 0; i < 100_000; i++)
        {
            // Ten keys get half of it.
            var key = random.Next(2) == 0 ? $"hot{random.Next(10)}" : $"cold{random.Next(20_000)}";
            real[key] = real.GetValueOrDefault(key) + 1;
            top.Add(key, 1, isHit: true);
        }

        var hottest = top.Read(10);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"hot{i}"), hottest.Select(hot => hot.Key).Order());
        Assert.All(hottest, hot => Assert.InRange(real[hot.Key], hot.Requests - hot.AtMostOver, hot.Requests));
        Assert.Equal(100_000, top.Total);
    }

    [Fact]
    public void Add_Misses_AreCountedApart()
    {
        var top = new TopKeys();
        top.Add("k", 4, isHit: true);
        top.Add("k", 2, isHit: false);

        Assert.Equal(new HotKey("k", 6, 0, 2), Assert.Single(top.Read(5)));
    }
}
