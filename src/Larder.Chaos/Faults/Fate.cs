namespace Larder.Chaos.Faults;

/// <summary>What becomes of one operation.</summary>
/// <param name="Fails">Whether it fails.</param>
/// <param name="IsCarriedOut">Whether the store carries it out, if it fails.</param>
/// <param name="Delay">How much later its caller hears of it.</param>
internal readonly record struct Fate(bool Fails, bool IsCarriedOut, TimeSpan Delay);
