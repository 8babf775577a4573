using Larder.Inspection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Inspection;

public sealed class RequestSamplerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RequestSampler _sampler;

    public RequestSamplerTests() => _sampler = new RequestSampler(new MonotonicClock(_time));

    [Fact]
    public void Sample_FewRequests_AreAllNoted()
    {
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(1, _sampler.Sample("k", isHit: true));
        }

        Assert.Equal(40, _sampler.Seen);
    }

    [Fact]
    public void Sample_ManyRequests_AreFewEventsThatStandForAllOfThem()
    {
        const int PerSecond = 100_000;
        long events = 0, weight = 0;
        for (var second = 0; second < 20; second++)
        {
            for (var i = 0; i < PerSecond; i++)
            {
                if (_sampler.Sample("k", isHit: true) is > 0 and var stands)
                {
                    events++;
                    weight += stands;
                }
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(events, 100, 21 * 50);
        Assert.InRange(_sampler.Seen, 20 * PerSecond * 0.8, 20 * PerSecond * 1.2);
        Assert.InRange(weight, 1, 20 * PerSecond * 1.2);
    }
}
