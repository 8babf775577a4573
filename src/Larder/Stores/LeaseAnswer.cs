namespace Larder.Stores;

/// <summary>The answer to a <see cref="LeaseRequest"/>.</summary>
/// <param name="State">What became of it.</param>
/// <param name="HeldFor">If <see cref="LeaseState.Held"/>: when the lease lapses, unless it is renewed.</param>
public readonly record struct LeaseAnswer(LeaseState State, TimeSpan HeldFor = default);

/// <summary>What became of a <see cref="LeaseRequest"/>.</summary>
public enum LeaseState
{
    /// <summary>The lease is the caller's: it may run its factory and commit.</summary>
    Granted,

    /// <summary>Another caller holds it: its commit, its release or the lapse of the lease will be the next thing to happen.</summary>
    Held,

    /// <summary>There is a value by now: read again.</summary>
    Present,
}
