using Larder.Diagnostics;

namespace Larder.Flights;

/// <summary>What a flight brought.</summary>
/// <param name="Value">The value.</param>
/// <param name="Payload">The value serialized, if callers that joined must get copies of their own.</param>
/// <param name="GaveUp">The flight gave its key up: whoever joined it has to load the value without it.</param>
internal readonly record struct Loaded<T>(T Value, ReadOnlyMemory<byte>? Payload = null, bool GaveUp = false)
{
    /// <summary>Where it came from.</summary>
    public RequestResult Result { get; init; }

    /// <summary>The tags of its entry, as far as it is known to have any.</summary>
    public string[]? Tags { get; init; }

    /// <summary>A flight that brought nothing.</summary>
    public static Loaded<T> Nothing { get; } = new(default!, GaveUp: true);
}
