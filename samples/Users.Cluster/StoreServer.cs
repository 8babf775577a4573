namespace Users.Cluster;

/// <summary>The Redis-protocol server, alone in a process.</summary>
internal static class StoreServer
{
    /// <summary>Serves until the process is told to end.</summary>
    /// <param name="port">The port, on the loopback interface.</param>
    public static async Task RunAsync(int port)
    {
        var builder = Host.CreateApplicationBuilder();
        // The server comes with a cache; nobody uses this one.
        builder.Services.AddLarder("server").UseEmbeddedGarnet(port);
        await builder.Build().RunAsync();
    }
}
