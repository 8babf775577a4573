namespace Larder.Local;

/// <summary>
/// Lets expired entries go that nobody asks for any more: every second it looks at a part of L1, all of it in about a minute,
/// so that no entry needs a timer and nobody ever waits for a walk over everything.
/// </summary>
internal sealed class Sweeper : IDisposable
{
    private const int LeastPart = 1000;
    private const int Parts = 60;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ITimer _timer;

    public Sweeper(LocalCache local, MonotonicClock clock) => _timer = clock.Provider.CreateTimer(
        _ => local.RemoveExpired(clock.Now, Math.Max(LeastPart, local.Count / Parts)), null, Period, Period);

    public void Dispose() => _timer.Dispose();
}
