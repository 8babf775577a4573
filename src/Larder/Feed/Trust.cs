namespace Larder.Feed;

/// <summary>
/// Whether L1 may be believed. It may while echoes come back: an echo proves that everything published before it was
/// sent has arrived, so L1 is trusted until <see cref="LarderOptions.MaxStaleness"/> after that sending time. When
/// messages may have been missed, the epoch changes and with it everything stored before is out, without being walked.
/// </summary>
internal sealed class Trust
{
    private long _epoch = 1;
    private long _until;

    private Trust(long until) => _until = until;

    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>The moment at which trust ends unless another echo comes back, or has ended.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Trust that must be earned by echoes.</summary>
    public static Trust ByEcho() => new(0);

    /// <summary>Trust without end, where no other node can change anything.</summary>
    public static Trust Always() => new(MonotonicClock.Never);

    public bool IsTrusted(long now) => now <= Until;

    /// <summary>Whether what was stored in an epoch may be believed.</summary>
    public bool Covers(long epoch, long now) =>
        // In this order: the trust of a later epoch is no reason to believe what was stored in an earlier one.
        now <= Until && epoch == Epoch;

    /// <summary>Everything that was stored before is out; what is stored from now on counts.</summary>
    public void BeginEpoch() => Interlocked.Increment(ref _epoch);

    /// <summary>No trust from <paramref name="now"/> on, until an echo comes back.</summary>
    public void Withdraw(long now)
    {
        Volatile.Write(ref _until, Math.Min(Until, now - 1));
        BeginEpoch();
    }

    /// <summary>Trust lasts until <paramref name="until"/> at least.</summary>
    public void Extend(long until)
    {
        for (var current = Until; until > current; current = Until)
        {
            if (Interlocked.CompareExchange(ref _until, until, current) == current)
            {
                return;
            }
        }
    }
}
