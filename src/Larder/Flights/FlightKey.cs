using Larder.Local;
using Microsoft.Extensions.Caching.Hybrid;

namespace Larder.Flights;

/// <summary>Callers share a load if they ask for the same key, as the same type, reading and writing the same levels.</summary>
/// <param name="Key">The key.</param>
/// <param name="Type">The type.</param>
/// <param name="Flags">Which levels.</param>
/// <param name="Hash">The key's <see cref="KeyHash"/>: a miss needs it three times.</param>
internal readonly record struct FlightKey(string Key, Type Type, HybridCacheEntryFlags Flags, ulong Hash)
{
    public FlightKey(string key, Type type, HybridCacheEntryFlags flags)
        : this(key, type, flags, KeyHash.Of(key))
    {
    }
}
