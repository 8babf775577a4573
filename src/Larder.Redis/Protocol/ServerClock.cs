namespace Larder.Redis.Protocol;

/// <summary>
/// The server's clock, told by the server once a second and carried on by this node's monotonic time in between. Deadlines
/// in L2 are the server's; this is how a node reads them without ever comparing its own wall clock with another.
/// </summary>
internal sealed class ServerClock(TimeProvider time)
{
    private Sample? _sample;

    /// <summary>Whether the server has told its time yet.</summary>
    public bool IsSet => Volatile.Read(ref _sample) is not null;

    /// <summary>The server's time in .NET ticks (100 ns since year 1, UTC).</summary>
    public long NowTicks => Volatile.Read(ref _sample) is { } sample
        ? sample.Ticks + time.GetElapsedTime(sample.At).Ticks
        : throw new InvalidOperationException("The server's time was not read yet.");

    /// <summary>Sets the clock to what the command TIME answered.</summary>
    public void Set(long unixSeconds, long micros) => Volatile.Write(
        ref _sample,
        new Sample(DateTime.UnixEpoch.Ticks + (unixSeconds * TimeSpan.TicksPerSecond) + (micros * TimeSpan.TicksPerMicrosecond), time.GetTimestamp()));

    private sealed record Sample(long Ticks, long At);
}
