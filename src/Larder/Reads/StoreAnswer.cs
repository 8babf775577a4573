using Larder.Local;

namespace Larder.Reads;

/// <summary>What L2 has for a key.</summary>
internal enum StoreState
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A value; perhaps an expired one that is to be served without another attempt at the origin.</summary>
    Hit,

    /// <summary>A value that has expired, and is kept for fail-safe.</summary>
    Expired,

    /// <summary>An entry that a tag invalidated.</summary>
    Invalid,

    /// <summary>Something that can't be read as the type that was asked for.</summary>
    Unreadable,

    /// <summary>It does not answer.</summary>
    Down,

    /// <summary>It was not asked: an invalidation has not reached it yet.</summary>
    Undelivered,
}

/// <summary>The answer of L2 about a key.</summary>
/// <param name="State">What it has.</param>
/// <param name="Value">The value of a hit, or of an expired entry.</param>
/// <param name="Entry">The same as L1 would hold it.</param>
/// <param name="Payload">Its bytes, where hits must not share the value.</param>
/// <param name="Version">The version of the entry that was read; <see langword="null"/> if there is none.</param>
internal sealed record StoreAnswer<T>(
    StoreState State, T? Value = default, CachedEntry? Entry = null, ReadOnlyMemory<byte> Payload = default, string? Version = null)
{
    /// <summary>It has nothing, or was not asked.</summary>
    public static StoreAnswer<T> Missing { get; } = new(StoreState.Missing);
}
