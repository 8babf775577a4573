using Microsoft.Extensions.Logging;

namespace Larder.Stores;

/// <summary>What a store is told about the cache that it serves.</summary>
public sealed class StoreContext
{
    /// <summary>The cache's name; empty for the default cache.</summary>
    public required string CacheName { get; init; }

    /// <summary>Goes in front of everything that the store keeps for this cache (<see cref="LarderOptions.KeyPrefix"/>).</summary>
    public required string KeyPrefix { get; init; }

    /// <summary>This node's id, unique among all nodes that ever run.</summary>
    public required string NodeId { get; init; }

    /// <summary>The clock for every time and delay.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Makes the store's loggers.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }
}
