using Larder.Feed;
using Xunit;

namespace Larder.Tests.Feed;

public sealed class TrustTests
{
    [Fact]
    public void ByEcho_NoEchoYet_IsNotTrusted() => Assert.False(Trust.ByEcho().IsTrusted(1));

    [Fact]
    public void Extend_UntilAMoment_IsTrustedUntilThen()
    {
        var trust = Trust.ByEcho();
        trust.Extend(100);

        Assert.True(trust.Covers(trust.Epoch, 100));
        Assert.False(trust.Covers(trust.Epoch, 101));
    }

    [Fact]
    public void Extend_EarlierMoment_ShortensNothing()
    {
        var trust = Trust.ByEcho();
        trust.Extend(100);
        trust.Extend(50);

        Assert.Equal(100, trust.Until);
    }

    [Fact]
    public void BeginEpoch_OlderEntries_AreOut()
    {
        var trust = Trust.ByEcho();
        trust.Extend(100);
        var before = trust.Epoch;

        trust.BeginEpoch();

        Assert.False(trust.Covers(before, 1));
        Assert.True(trust.Covers(trust.Epoch, 1));
    }

    [Fact]
    public void Withdraw_UntilTheNextEcho_NothingIsTrusted()
    {
        var trust = Trust.ByEcho();
        trust.Extend(100);
        var before = trust.Epoch;

        trust.Withdraw(50);
        Assert.False(trust.IsTrusted(50));
        Assert.Equal(49, trust.Until);

        trust.Extend(200);
        Assert.True(trust.IsTrusted(51));
        Assert.False(trust.Covers(before, 51));
    }

    [Fact]
    public void Always_AnyTime_IsTrusted() => Assert.True(Trust.Always().IsTrusted(long.MaxValue));
}
