using Larder.Policies;

namespace Larder.Reads;

/// <summary>One of several keys that a call asks for.</summary>
/// <param name="Id">What the caller calls it.</param>
/// <param name="Key">The key.</param>
/// <param name="Policy">The options in force for it.</param>
internal readonly record struct Wanted<TId>(TId Id, string Key, EntryPolicy Policy)
    where TId : notnull;
