using System.Net;
using System.Net.Sockets;

namespace Larder.Testing;

/// <summary>Finds loopback ports for servers.</summary>
public static class FreePort
{
    // Below every system's ephemeral range: while a server is down, a client that keeps connecting to an ephemeral port can
    // be given that very port as its own end, and then holds it (or even talks to itself) when the server wants it back.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    private static readonly HashSet<int> Taken = [];
    private static readonly Lock Sync = new();

    /// <summary>A port that nothing listens on, and that this process was not given before.</summary>
    public static int Next()
    {
        lock (Sync)
        {
            for (var attempt = 0; attempt < 1_000; attempt++)
            {
                var port = Random.Shared.Next(Lowest, Highest);
                if (!Taken.Contains(port) && IsFree(port))
                {
                    Taken.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No free port from {Lowest} to {Highest}.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
