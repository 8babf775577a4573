namespace Larder.Flights;

/// <summary>When the callers of a flight get an answer that is not the factory's.</summary>
/// <param name="softAt">From when on an expired value is as good; <see cref="MonotonicClock.Never"/> for not at all.</param>
/// <param name="hardAt">When they wait no longer; <see cref="MonotonicClock.Never"/> for not at all.</param>
/// <param name="fallBack">Answers them with the expired value, if there is one.</param>
/// <param name="giveUp">Lets them go with an exception.</param>
internal sealed class CallerDeadlines(long softAt, long hardAt, Func<bool> fallBack, Action giveUp)
{
    private long _softAt = softAt;
    private long _hardAt = hardAt;

    /// <summary>The next moment at which <see cref="Check"/> has something to do.</summary>
    public long Next => Math.Min(_softAt, _hardAt);

    /// <summary>When they wait no longer.</summary>
    public long HardAt => _hardAt;

    /// <summary>Does what is due; called by the flight that runs, one call at a time.</summary>
    public void Check(long now)
    {
        if (now >= _softAt)
        {
            _softAt = MonotonicClock.Never;
            if (fallBack())
            {
                _hardAt = MonotonicClock.Never;
            }
        }

        if (now >= _hardAt)
        {
            _hardAt = MonotonicClock.Never;
            giveUp();
        }
    }
}
