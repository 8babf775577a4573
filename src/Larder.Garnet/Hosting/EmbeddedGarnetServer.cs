using System.Net;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Microsoft.Extensions.Logging;

namespace Larder.Garnet.Hosting;

/// <summary>A Garnet server inside the process, on loopback. It is started once, and stopped by disposing it.</summary>
internal sealed class EmbeddedGarnetServer : IAsyncDisposable
{
    private readonly string? _scratch;
    private readonly bool _keepsData;
    private GarnetServer? _server;

    private EmbeddedGarnetServer(EmbeddedGarnetOptions options, ILoggerFactory loggerFactory)
    {
        _keepsData = options.DataDirectory is not null;
        // A memory-only server writes nothing by itself, but a client's SAVE would write into the working directory.
        _scratch = _keepsData ? null : Path.Combine(Path.GetTempPath(), $"larder-garnet-{Guid.NewGuid():N}");
        _server = new GarnetServer(ServerOptions(options, options.DataDirectory ?? _scratch!), loggerFactory);
    }

    /// <summary>Starts a server; it answers when this returns.</summary>
    /// <exception cref="global::Garnet.common.GarnetException">With an inner <see cref="System.Net.Sockets.SocketException"/>: the port is in use.</exception>
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

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is not { } server)
        {
            return;
        }

        if (_keepsData)
        {
            // Garnet's own Dispose leaves what was not yet written behind.
            await server.Store.CommitAOFAsync(CancellationToken.None).ConfigureAwait(false);
        }

        server.Dispose();
        if (_scratch is not null && Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }

    private static GarnetServerOptions ServerOptions(EmbeddedGarnetOptions options, string directory) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, options.Port)],
        QuietMode = true,
        AuthSettings = options.Password is { } password ? new PasswordAuthenticationSettings(password) : null,

        LogMemorySize = $"{options.MemorySize >> 20}m",
        PageSize = "1m",
        IndexMemorySize = "4m",
        IndexMaxMemorySize = "", // its default, null, throws
        CopyReadsToTail = true, // eviction is first in, first out; this keeps what is read
        MaxDatabases = 1,

        EnableLua = true,
        LuaTransactionMode = true, // without it scripts are not atomic
        LuaOptions = new(LuaMemoryManagementMode.Native, "", TimeSpan.FromSeconds(5), LuaLoggingMode.Enable, []),

        CheckpointDir = directory,
        DeviceType = Tsavorite.core.DeviceType.RandomAccess, // the default ends the process on Debian 12 at the first write
        EnableAOF = options.DataDirectory is not null,
        Recover = options.DataDirectory is not null,
    };
}
