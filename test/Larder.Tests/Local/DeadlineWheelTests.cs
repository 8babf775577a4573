using CsCheck;
using Larder.Local;
using Xunit;

namespace Larder.Tests.Local;

public sealed class DeadlineWheelTests
{
    // A slot's length, and the period of the sweeps.
    private const long Latest = 8192 + 1000;

    private readonly DeadlineWheel _wheel = new();

    [Fact]
    public void Next_BeforeTheTime_IsNone()
    {
        _wheel.Add(new TestEntry("k") { ExpiresAt = 50_000 });

        Assert.Null(_wheel.Next(49_999));
        Assert.NotNull(_wheel.Next(50_000 + Latest));
    }

    [Fact]
    public void Add_EntryThatNeverLeaves_IsNotInTheWheel()
    {
        var entry = new TestEntry("k");
        _wheel.Add(entry);

        Assert.Equal(DeadlineWheel.NoSlot, entry.Slot);
        Assert.Null(_wheel.Next(long.MaxValue / 2));
    }

    [Fact]
    public void Remove_FirstMiddleAndLastOfASlot_LeavesTheOthers()
    {
        var entries = Enumerable.Range(0, 5).Select(i => new TestEntry($"{i}") { ExpiresAt = 50_000 }).ToArray();
        Array.ForEach(entries, _wheel.Add);
        _wheel.Remove(entries[0]);
        _wheel.Remove(entries[2]);
        _wheel.Remove(entries[4]);
        _wheel.Remove(entries[4]);

        Assert.Equal(["1", "3"], Leaving(100_000).Order());
    }

    [Fact]
    public void Next_AfterALongPause_FindsEverythingThatIsDue()
    {
        for (var hours = 0; hours < 100; hours++)
        {
            _wheel.Add(new TestEntry($"{hours}") { ExpiresAt = hours * 3_600_000L });
        }

        Assert.Equal(100, Leaving(1L << 50).Count);
    }

    [Fact]
    public void Any_Deadlines_LeaveSoonAfterAndNeverBefore() =>
        Gen.Select(Gen.Long[0, 100_000_000_000], Gen.Select(Gen.Int[0, 33], Gen.Double[0, 1]).Array[1, 30]).Sample((start, deadlines) =>
        {
            var wheel = new DeadlineWheel();
            wheel.Next(start);
            foreach (var (bits, fraction) in deadlines)
            {
                wheel.Add(new TestEntry("k") { ExpiresAt = start + (long)(fraction * (1L << bits)) });
            }

            var latest = start + (1L << 33) + Latest;
            var left = 0;
            for (var now = start; now < latest; now += Math.Max(1000, (latest - start) / 20_000))
            {
                var step = Math.Max(1000, (latest - start) / 20_000);
                while (wheel.Next(now) is { } entry)
                {
                    wheel.Remove(entry);
                    if (entry.LeavesAt > now)
                    {
                        wheel.Add(entry);
                        continue;
                    }

                    Assert.InRange(now, entry.LeavesAt, entry.LeavesAt + Latest + step);
                    left++;
                }
            }

            Assert.Equal(deadlines.Length, left);
        }, iter: 20);

    private List<string> Leaving(long now)
    {
        var left = new List<string>();
        while (_wheel.Next(now) is { } entry)
        {
            _wheel.Remove(entry);
            if (entry.LeavesAt > now)
            {
                _wheel.Add(entry);
            }
            else
            {
                left.Add(entry.Key);
            }
        }

        return left;
    }
}
