using Larder.Fences;
using Larder.Local;

namespace Larder.Reads;

/// <summary>An expired value that a caller may get when the factory fails or is too slow.</summary>
/// <param name="Value">The value.</param>
/// <param name="Payload">Its bytes, where callers that joined must get copies of their own.</param>
/// <param name="Entry">The entry that it is from.</param>
/// <param name="Mark">Captured before it was read.</param>
internal sealed record Fallback<T>(T Value, ReadOnlyMemory<byte>? Payload, CachedEntry Entry, LoadMark Mark);
