using Larder.Chaos.Faults;
using Larder.Chaos.Stores;
using Larder.Stores;
using Larder.Testing.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Larder.Tests.Chaos;

public sealed class DiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Throw_SameSeed_SameFates()
    {
        var options = new LarderChaosOptions { Seed = 42, Reads = 0.5, MaximumDelay = TimeSpan.FromSeconds(1) };

        Assert.Equal(Fates(new Dice(options)), Fates(new Dice(options)));
        Assert.NotEqual(Fates(new Dice(options)), Fates(new Dice(new LarderChaosOptions { Seed = 43, Reads = 0.5, MaximumDelay = TimeSpan.FromSeconds(1) })));
    }

    [Fact]
    public void Throw_ManyTimes_FailsForAboutTheShare()
    {
        var fates = Fates(new Dice(new LarderChaosOptions { Seed = 1, Reads = 0.3, LostAnswers = 0.5 }), count: 10_000);

        Assert.InRange(fates.Count(static fate => fate.Fails), 2_800, 3_200);
        Assert.InRange(fates.Count(static fate => fate is { Fails: true, IsCarriedOut: true }), 1_350, 1_650);
    }

    [Fact]
    public void Throw_Delay_IsWithinItsBounds()
    {
        var (least, most) = (TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(9));
        var fates = Fates(new Dice(new LarderChaosOptions { Seed = 1, MinimumDelay = least, MaximumDelay = most }));

        Assert.All(fates, fate => Assert.InRange(fate.Delay, least, most));
        Assert.True(fates.Distinct().Count() > 10);
    }

    [Fact]
    public void Throw_Off_NothingFailsOrIsDelayed()
    {
        var dice = new Dice(new LarderChaosOptions { IsOn = false, Reads = 1, LostMessages = 1, MinimumDelay = TimeSpan.FromSeconds(1), MaximumDelay = TimeSpan.FromSeconds(1) });

        Assert.Equal(default, dice.Throw(OperationClass.Read));
        Assert.False(dice.LosesMessage());
    }

    [Fact]
    public async Task Delay_OfAWrite_IsItsAnswersAlone()
    {
        var time = new FakeTimeProvider();
        var context = new StoreContext
        {
            CacheName = "", KeyPrefix = "", NodeId = "n", TimeProvider = time, LoggerFactory = NullLoggerFactory.Instance,
        };
        var inner = new MemoryStore(new MemoryServer(time), context);
        var late = TimeSpan.FromSeconds(3);
        await using var store = new ChaosStore(
            inner, new LarderChaos("", new LarderChaosOptions { MinimumDelay = late, MaximumDelay = late }, NullLogger.Instance), time);

        var writing = store.SetAsync("k", new StoreWrite { Payload = new byte[1] }, Cancel).AsTask();

        Assert.NotNull(await inner.ReadAsync("k", Cancel));
        Assert.False(writing.IsCompleted);
        time.Advance(late);
        await writing.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private static Fate[] Fates(Dice dice, int count = 100) => [.. Enumerable.Range(0, count).Select(_ => dice.Throw(OperationClass.Read))];
}
