using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Larder.Redis.Connections;

/// <summary>
/// Says that a connection is about to be made, before anything can be sent on it. The library's own events come later, from
/// another thread: by then a read could have been answered by a server that is not the one it was.
/// </summary>
internal sealed class ConnectWatch(Action connecting, Tunnel? inner) : Tunnel
{
    public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        connecting();
        return inner is null
            ? base.GetSocketConnectEndpointAsync(endpoint, cancellationToken)
            : inner.GetSocketConnectEndpointAsync(endpoint, cancellationToken);
    }

    public override ValueTask BeforeSocketConnectAsync(
        EndPoint endPoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken) => inner is null
        ? base.BeforeSocketConnectAsync(endPoint, connectionType, socket, cancellationToken)
        : inner.BeforeSocketConnectAsync(endPoint, connectionType, socket, cancellationToken);

    public override ValueTask<Stream?> BeforeAuthenticateAsync(
        EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken) => inner is null
        ? base.BeforeAuthenticateAsync(endpoint, connectionType, socket, cancellationToken)
        : inner.BeforeAuthenticateAsync(endpoint, connectionType, socket, cancellationToken);
}
