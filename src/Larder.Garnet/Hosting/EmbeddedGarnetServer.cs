using Garnet;
using Microsoft.Extensions.Logging;

namespace Larder.Garnet.Hosting;

/// <summary>A Garnet server inside the process, on loopback or at a Unix domain socket. It is started once, and stopped by disposing it.</summary>
internal sealed class EmbeddedGarnetServer : IAsyncDisposable
{
    private readonly SocketFile? _socket;
    private readonly DataDirectory _directory;
    private readonly ServerLogs _logs;
    private readonly bool _keepsData;
    private GarnetServer? _server;

    private EmbeddedGarnetServer(EmbeddedGarnetOptions options, ILoggerFactory loggerFactory)
    {
        _logs = new ServerLogs(loggerFactory);
        _keepsData = options.DataDirectory is not null;
        var address = ServerAddress.Of(options);
        _socket = address.SocketPath is { } socket ? SocketFile.Hold(socket) : null;
        try
        {
            _directory = options.DataDirectory is { } path ? DataDirectory.Hold(path) : DataDirectory.Scratch();
            _server = new GarnetServer(ServerSettings.For(options, address, _directory.Path), _logs);
        }
        catch
        {
            _directory?.Dispose();
            _socket?.Dispose();
            throw;
        }
    }

    /// <summary>Starts a server; it answers when this returns.</summary>
    /// <exception cref="SocketFileException">Another server holds the socket, or it can't be made.</exception>
    /// <exception cref="DirectoryInUseException">Another server holds the data directory.</exception>
    /// <exception cref="global::Garnet.common.GarnetException">
    /// With an inner <see cref="System.Net.Sockets.SocketException"/>: it could not listen at the address.
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

    /// <summary>Stops it: connections break, the address is free, and what was answered is on disk if it is kept there.</summary>
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
            _socket?.Dispose();
        }
    }
}
