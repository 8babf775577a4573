using Larder.Feed;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Feed;

public sealed class PublishersTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Publishers _publishers;

    public PublishersTests() => _publishers = new Publishers(new MonotonicClock(_time));

    [Fact]
    public void Misses_NumbersInOrder_None()
    {
        Assert.False(_publishers.Misses("a", 1, isRepeat: false));
        Assert.False(_publishers.Misses("b", 1, isRepeat: false));
        Assert.False(_publishers.Misses("a", 2, isRepeat: false));
        Assert.False(_publishers.Misses("a", 2, isRepeat: true));
        Assert.False(_publishers.Misses("a", 3, isRepeat: false));
    }

    [Fact]
    public void Misses_Gap_OnceAndNotAgain()
    {
        _publishers.Misses("a", 1, isRepeat: false);

        Assert.True(_publishers.Misses("a", 3, isRepeat: false));
        Assert.False(_publishers.Misses("a", 4, isRepeat: false));
    }

    [Fact]
    public void Misses_TwiceOrLate_None()
    {
        _publishers.Misses("a", 1, isRepeat: false);
        _publishers.Misses("a", 2, isRepeat: false);

        Assert.False(_publishers.Misses("a", 2, isRepeat: false));
        Assert.False(_publishers.Misses("a", 1, isRepeat: false));
        Assert.False(_publishers.Misses("a", 3, isRepeat: false));
    }

    [Fact]
    public void Misses_RepeatOfANumberNotHeard_TheLastMessageOfTheBurstIsMissing()
    {
        _publishers.Misses("a", 1, isRepeat: false);

        Assert.True(_publishers.Misses("a", 2, isRepeat: true));
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, true)]
    [InlineData(1, true, true)]
    [InlineData(0, true, false)]
    public void Misses_PublisherNeverHeardOf_ByItsNumber(long number, bool isRepeat, bool misses) =>
        Assert.Equal(misses, _publishers.Misses("new", number, isRepeat));

    [Fact]
    public void Misses_ManyPublishersThatWentAway_AreForgottenAndTheOthersKept()
    {
        for (var i = 0; i < 1024; i++)
        {
            _publishers.Misses($"p{i}", 1, isRepeat: false);
        }

        _time.Advance(TimeSpan.FromHours(2));
        _publishers.Misses("p0", 2, isRepeat: false);
        _publishers.Misses("new", 1, isRepeat: false);

        Assert.False(_publishers.Misses("p0", 3, isRepeat: false));
        Assert.True(_publishers.Misses("p1", 2, isRepeat: false)); // to be safe: it is unknown again
    }
}
