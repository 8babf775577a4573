using Larder.Redis.Connections;
using Larder.Stores;
using Larder.Testing.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Redis.Tests;

/// <summary>The conformance suite on a server that the tests of a class share.</summary>
public abstract class RedisStoreConformance(ServerFixture fixture) : StoreConformance
{
    private static readonly IServiceProvider Services = new ServiceCollection().BuildServiceProvider();

    protected override ValueTask<ILarderStore> CreateStoreAsync(StoreContext context)
    {
        var options = new LarderRedisOptions { Configuration = fixture.Server.Configuration };
        return new(new RedisStore(context, new RedisConnection(options, Services, context.NodeId)));
    }

    protected override Task FlushAsync() => fixture.Database.ExecuteAsync("FLUSHALL");
}

/// <summary>The suite on <c>redis-server</c>.</summary>
public sealed class RedisServerConformance(RedisFixture fixture) : RedisStoreConformance(fixture), IClassFixture<RedisFixture>;

/// <summary>The suite on embedded Garnet.</summary>
public sealed class GarnetConformance(GarnetFixture fixture) : RedisStoreConformance(fixture), IClassFixture<GarnetFixture>;

/// <summary>The suite on the embedded Garnet at a Unix domain socket.</summary>
public sealed class GarnetAtSocketConformance(GarnetAtSocketFixture fixture) : RedisStoreConformance(fixture), IClassFixture<GarnetAtSocketFixture>;
