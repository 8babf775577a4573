using Larder.Garnet;
using Larder.Garnet.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Testing;

/// <summary>Garnet in the test's process, as <c>UseEmbeddedGarnet</c> runs it.</summary>
public sealed class EmbeddedServer : ITestServer
{
    private readonly EmbeddedGarnetOptions _options;
    private string? _directory;
    private EmbeddedGarnetServer? _server;

    private EmbeddedServer(EmbeddedGarnetOptions options) => _options = options;

    /// <inheritdoc/>
    public int Port => _options.Port;

    /// <inheritdoc/>
    public string Configuration => _options.UnixSocket is { } path ? $"!{path}" : $"127.0.0.1:{Port}";

    /// <summary>Starts a server on a port of its own.</summary>
    /// <param name="configure">Further options, a data directory for one.</param>
    public static async Task<EmbeddedServer> StartAsync(Action<EmbeddedGarnetOptions>? configure = null)
    {
        var options = new EmbeddedGarnetOptions { Port = FreePort.Next() };
        configure?.Invoke(options);
        var server = new EmbeddedServer(options);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts a server at a socket of its own, in a temporary directory that is deleted with it.</summary>
    public static async Task<EmbeddedServer> StartAtSocketAsync()
    {
        var directory = Directory.CreateTempSubdirectory("larder-socket-").FullName;
        var server = await StartAsync(options => options.UnixSocket = Path.Combine(directory, "garnet.sock"));
        server._directory = directory;
        return server;
    }

    /// <summary>The same as <see cref="StopAsync"/>: there is no killing a part of one's own process.</summary>
    public Task KillAsync() => StopAsync();

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            await server.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async Task RestartAsync()
    {
        await StopAsync();
        _server = await EmbeddedGarnetServer.StartAsync(_options, NullLoggerFactory.Instance);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (Interlocked.Exchange(ref _directory, null) is { } directory)
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
