namespace Larder.Local;

/// <summary>
/// Once a second: lets expired entries go that nobody asks for any more, brings a growth of the table to its end, and heeds the
/// memory's pressure.
/// </summary>
internal sealed class Sweeper : IDisposable
{
    // The cache's lock is let go after so many.
    private const int Part = 1000;

    // Of a growth in a second: of a table of millions, it shall not keep expired entries waiting.
    private const int MostSettled = 100;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly LocalCache _local;
    private readonly MonotonicClock _clock;
    private readonly MemoryPressure _pressure;
    private readonly ITimer _timer;
    private int _isSweeping;

    public Sweeper(LocalCache local, MonotonicClock clock, Func<MemoryReading>? memory = null)
    {
        _local = local;
        _clock = clock;
        _pressure = new MemoryPressure(local, memory ?? MemoryReading.Take);
        _timer = clock.Provider.CreateTimer(static sweeper => ((Sweeper)sweeper!).Sweep(), this, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        // One that takes longer than a second is not joined by the next.
        if (Interlocked.Exchange(ref _isSweeping, 1) != 0)
        {
            return;
        }

        try
        {
            Parts.Run(() => _local.RemoveExpired(_clock.Now, Part));
            Parts.Run(() => _local.Settle(Part), MostSettled);
            _pressure.Heed(Part);
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }
}
