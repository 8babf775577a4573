namespace Larder;

/// <summary>
/// The node's own monotonic time in whole milliseconds: the only clock that deadlines are kept on. Wall clocks jump, and
/// those of two machines are never compared.
/// </summary>
internal sealed class MonotonicClock(TimeProvider provider)
{
    // TickCount64 costs a fifth of a timestamp, and every hit reads the time.
    private readonly bool _isSystem = provider == TimeProvider.System;
    private readonly long _ticksPerMillisecond = Math.Max(1, provider.TimestampFrequency / 1000);

    public const long Never = long.MaxValue;

    public TimeProvider Provider => provider;

    public long Now => _isSystem ? Environment.TickCount64 : provider.GetTimestamp() / _ticksPerMillisecond;

    /// <summary>The moment <paramref name="span"/> after <paramref name="start"/>; <see cref="Never"/> for no span, or past the end of time.</summary>
    public static long After(long start, TimeSpan? span) =>
        span is { } given && given.TotalMilliseconds < Never - start ? start + (long)given.TotalMilliseconds : Never;

    /// <summary>The span from <paramref name="now"/> to a deadline; <see langword="null"/> if that is <see cref="Never"/>.</summary>
    public static TimeSpan? Until(long deadline, long now) =>
        deadline == Never ? null : TimeSpan.FromMilliseconds(Math.Max(0, deadline - now));
}
