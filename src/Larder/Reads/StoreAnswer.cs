using Larder.Local;

namespace Larder.Reads;

/// <summary>What L2 has for a key.</summary>
internal enum StoreState
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A value.</summary>
    Hit,

    /// <summary>An entry that a tag invalidated.</summary>
    Invalid,

    /// <summary>Something that can't be read as the type that was asked for.</summary>
    Unreadable,
}

/// <summary>The answer of L2 about a key.</summary>
/// <param name="State">What it has.</param>
/// <param name="Value">The value of a hit.</param>
/// <param name="Entry">The entry of a hit, as L1 would hold it.</param>
/// <param name="Payload">The bytes of a hit.</param>
/// <param name="InvalidVersion">The version of an invalid entry.</param>
internal readonly record struct StoreAnswer<T>(
    StoreState State, T? Value = default, CachedEntry? Entry = null, ReadOnlyMemory<byte> Payload = default, string? InvalidVersion = null);
