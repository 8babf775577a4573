using StackExchange.Redis;
using Xunit;

namespace Larder.Redis.Tests;

/// <summary>A server for the tests of one class, and a connection of the test's own to look behind the cache.</summary>
public abstract class ServerFixture(ServerKind kind) : IAsyncLifetime
{
    private ConnectionMultiplexer? _connection;

    public ITestServer Server { get; private set; } = null!;

    public IDatabase Database => _connection!.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(kind);
        _connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration + ",allowAdmin=true");
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>A <c>redis-server</c>.</summary>
public sealed class RedisFixture() : ServerFixture(ServerKind.Redis);

/// <summary>An embedded Garnet.</summary>
public sealed class GarnetFixture() : ServerFixture(ServerKind.Garnet);

/// <summary>An embedded Garnet at a Unix domain socket.</summary>
public sealed class GarnetAtSocketFixture() : ServerFixture(ServerKind.GarnetAtSocket);
