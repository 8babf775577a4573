namespace Larder.Testing;

/// <summary>Starts a server of either kind.</summary>
public static class TestServer
{
    /// <summary>Starts an empty server; skips the test if the machine lacks it.</summary>
    public static async Task<ITestServer> StartAsync(ServerKind kind) => kind switch
    {
        ServerKind.Redis => await RedisServer.StartAsync(),
        ServerKind.Garnet => await EmbeddedServer.StartAsync(),
        ServerKind.GarnetAtSocket => await EmbeddedServer.StartAtSocketAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
