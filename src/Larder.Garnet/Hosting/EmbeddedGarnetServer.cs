using Garnet;
using Microsoft.Extensions.Logging;

namespace Larder.Garnet.Hosting;

/// <summary>A Garnet server inside the process, on loopback. It is started once, and stopped by disposing it.</summary>
internal sealed class EmbeddedGarnetServer : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly ServerLogs _logs;
    private readonly bool _keepsData;
    private GarnetServer? _server;

    private EmbeddedGarnetServer(EmbeddedGarnetOptions options, ILoggerFactory loggerFactory)
    {
        _logs = new ServerLogs(loggerFactory);
        _keepsData = options.DataDirectory is not null;
        _directory = options.DataDirectory is { } path ? DataDirectory.Hold(path) : DataDirectory.Scratch();
        try
        {
            _server = new GarnetServer(ServerSettings.For(options, _directory.Path), _logs);
        }
        catch
        {
            _directory.Dispose();
            throw;
        }
    }

    /// <summary>Starts a server; it answers when this returns.</summary>
    /// <exception cref="DirectoryInUseException">Another server holds the data directory.</exception>
    /// <exception cref="global::Garnet.common.GarnetException">
    /// With an inner <see cref="System.Net.Sockets.SocketException"/>: it could not listen on the port.
    /// </exception>
    public static async Task<EmbeddedGarnetServer> StartAsync(EmbeddedGarnetOptions options, ILoggerFactory loggerFactory)
    {
        var server = new EmbeddedGarnetServer(options, loggerFactory);
        try
        {
            server._server!.Start();
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops it: connections break, the port is free, and what was answered is on disk if it is kept there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is not { } server)
        {
            return;
        }

        _logs.Stopping();
        try
        {
            if (_keepsData)
            {
                // Garnet's own Dispose doesn't wait for what is still on its way to the disk.
                await server.Store.CommitAOFAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            server.Dispose();
            _directory.Dispose();
        }
    }
}
