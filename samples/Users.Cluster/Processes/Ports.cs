using System.Net;
using System.Net.Sockets;

namespace Users.Cluster.Processes;

/// <summary>Hands out ports of the loopback interface.</summary>
/// <param name="fallback">Where to look when a port that was asked for is taken.</param>
internal sealed class Ports(int fallback)
{
    private int _next = fallback;

    /// <summary>The port that is asked for, or a later one if something listens there.</summary>
    /// <exception cref="IOException">None is free.</exception>
    public int Take(int preferred)
    {
        // Upwards from a known place, not one that the system picks: those are handed to clients too, and a client could
        // sit on the port of a server that was killed.
        for (var port = preferred; port <= IPEndPoint.MaxPort; port = _next++)
        {
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new IOException($"No port from {preferred} to {IPEndPoint.MaxPort} is free.");
    }

    /// <summary>Whether a server could listen at <c>localhost</c>, which is two addresses.</summary>
    public static bool IsFree(int port) =>
        IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port));

    private static bool IsFree(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException failure)
        {
            // Anything else, such as a machine without IPv6 or a port for administrators, is not for us to judge.
            return failure.SocketErrorCode is not SocketError.AddressAlreadyInUse;
        }
    }
}
