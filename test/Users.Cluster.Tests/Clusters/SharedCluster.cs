namespace Users.Cluster.Tests.Clusters;

/// <summary>The cluster of the tests that need no other; each test leaves it whole, also one that fails.</summary>
[CollectionDefinition(nameof(SharedCluster))]
public sealed class SharedCluster : ICollectionFixture<SharedCluster>, IAsyncLifetime
{
    internal RunningCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await RunningCluster.StartAsync();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
