namespace Larder.Dashboard.Api;

/// <summary>The caches of this app that the dashboard shows.</summary>
/// <param name="Caches">The default cache first.</param>
internal sealed record CacheList(IReadOnlyList<CacheName> Caches);

/// <summary>A cache.</summary>
/// <param name="Name">Empty for the default cache.</param>
/// <param name="NodeId">This node, as the other nodes of the cache know it.</param>
/// <param name="Store">What L2 is; left out if the cache has none.</param>
internal sealed record CacheName(string Name, string NodeId, string? Store);
