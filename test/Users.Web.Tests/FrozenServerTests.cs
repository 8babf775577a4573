using Larder.Testing;
using Users.Web.Tests.Apps;

namespace Users.Web.Tests;

/// <summary>R15: a server is frozen, as by a virtual machine's pause, while another one clears the list.</summary>
public sealed class FrozenServerTests
{
    // Longer than MaxStaleness, by default 5 seconds.
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R15_ServerIsFrozenWhileAnotherClears_ItsFirstAnswerIsFresh(bool losesItsConnections)
    {
        await using var redis = await RedisServer.StartAsync();
        string[] settings = ["Users:Delay=00:00:00", "Larder:Store=Redis", $"ConnectionStrings:Redis={redis.Configuration}"];
        await using var frozen = await WebApp.StartAsync(settings);
        await using var other = await WebApp.StartAsync(settings);
        await frozen.PressAsync(Buttons.Cache);
        await Eventually.TrueAsync(async () => await frozen.SourceAsync() == "L1", message: "the list is in the L1 of the server to be frozen");

        frozen.Suspend();
        try
        {
            await other.PressAsync(Buttons.Clear);
            if (losesItsConnections)
            {
                // Nothing is there to be read when it wakes, not even that they were closed, until it looks.
                redis.Kill();
                await redis.RestartAsync();
            }

            await Task.Delay(Freeze, TestContext.Current.CancellationToken);
        }
        finally
        {
            frozen.Resume();
        }

        Assert.Equal("Origin", await frozen.SourceAsync());
    }
}
