using System.Net;
using System.Net.Sockets;

namespace Larder.Garnet.Hosting;

/// <summary>Where a server listens: at a port of the loopback interface, or at a Unix domain socket.</summary>
internal sealed class ServerAddress
{
    private ServerAddress(EndPoint endPoint, string setting, string kind) => (EndPoint, Setting, Kind) = (endPoint, setting, kind);

    /// <summary>The address, for servers and clients.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The option that says it.</summary>
    public string Setting { get; }

    /// <summary>What the option is: <c>port</c> or <c>path</c>.</summary>
    public string Kind { get; }

    /// <summary>The full path of a socket; <see langword="null"/> of a port.</summary>
    public string? SocketPath => EndPoint is UnixDomainSocketEndPoint ? EndPoint.ToString() : null;

    /// <summary>What messages call it: <c>port 5002</c>, <c>socket /run/app/larder.sock</c>.</summary>
    public string Name => EndPoint is IPEndPoint { Port: var port } ? $"port {port}" : $"socket {EndPoint}";

    public static ServerAddress Of(EmbeddedGarnetOptions options) => options.UnixSocket is { } path
        ? new(new UnixDomainSocketEndPoint(Path.GetFullPath(path)), nameof(options.UnixSocket), "path")
        : new(new IPEndPoint(IPAddress.Loopback, options.Port), nameof(options.Port), "port");

    /// <summary>The address as logs show it: <c>127.0.0.1:5002</c>, <c>/run/app/larder.sock</c>.</summary>
    public override string ToString() => EndPoint.ToString()!;
}
