using Larder.Local;
using Larder.Policies;

namespace Larder.Factories;

/// <summary>What a factory made, and what is to be done with it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Policy">The options in force after it.</param>
/// <param name="Tags">The entry's tags.</param>
internal readonly record struct Made<T>(T Value, EntryPolicy Policy, string[]? Tags)
{
    /// <summary>Whether the value is not to be cached.</summary>
    public bool SkipCaching { get; init; }

    /// <summary>What the origin calls this version of the value.</summary>
    public Validators? Validators { get; init; }
}
