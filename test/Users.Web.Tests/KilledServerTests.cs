using System.Diagnostics;
using Larder.Testing;
using Users.Web.Tests.Apps;

namespace Users.Web.Tests;

/// <summary>A server dies while it asks the origin, and with it the lease that it holds.</summary>
public sealed class KilledServerTests
{
    // Far below the time that the dead server's factory would have gone on, and the 15 seconds that a hung one gets.
    private static readonly TimeSpan LeaseTimeToLive = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = LeaseTimeToLive + TimeSpan.FromSeconds(5);

    [Fact]
    public async Task List_WhenTheServerThatAsksTheOriginIsKilled_AnotherAsksItWhenTheLeaseHasLapsed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var origin = await OriginApp.StartAsync(TimeSpan.FromMinutes(1));
        string[] settings = ["Larder:Store=Redis", $"ConnectionStrings:Redis={redis.Configuration}", $"Larder:Lease:TimeToLive={LeaseTimeToLive}"];
        await using var victim = await WebApp.StartAsync([.. settings, origin.Setting]);
        await using var heir = await WebApp.StartAsync([.. settings, "Users:Delay=00:00:00"]);
        await heir.PageAsync(); // compiled
        var dying = victim.SourceAsync();
        await Eventually.TrueAsync(
            async () => await origin.RequestsAsync() == 1, TimeSpan.FromSeconds(30), "the first server's factory runs, under its lease");
        var waiting = heir.SourceAsync();
        await Task.Delay(LeaseTimeToLive * 2, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted); // the lease is renewed while its holder lives

        await victim.KillAsync();
        var killed = Stopwatch.GetTimestamp();

        Assert.Equal("Origin", await waiting);
        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, Longest);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => dying);
        Assert.Equal("L1", await heir.SourceAsync());
    }
}
