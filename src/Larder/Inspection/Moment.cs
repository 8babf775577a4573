namespace Larder.Inspection;

/// <summary>A moment on both of a node's clocks, to tell people when something was that is kept on the monotonic one.</summary>
/// <param name="Ticks">On the monotonic clock.</param>
/// <param name="Now">On the wall clock.</param>
internal readonly record struct Moment(long Ticks, DateTimeOffset Now)
{
    /// <summary>This moment.</summary>
    public static Moment Of(MonotonicClock clock) => new(clock.Now, clock.Provider.GetUtcNow());

    /// <summary>When that was.</summary>
    public DateTimeOffset At(long ticks) => Now.AddMilliseconds(ticks - Ticks);
}
