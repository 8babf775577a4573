using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Flights;

/// <summary>Callers share a load if they ask for the same key, as the same type, reading and writing the same levels.</summary>
internal readonly record struct FlightKey(string Key, Type Type, HybridCacheEntryFlags Flags)
{
    /// <summary>The key's: a miss needs it three times.</summary>
    public int Hash { get; } = Key.GetHashCode(StringComparison.Ordinal);
}
