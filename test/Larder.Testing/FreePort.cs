using System.Net;
using System.Net.Sockets;

namespace Larder.Testing;

/// <summary>Finds loopback ports for servers.</summary>
public static class FreePort
{
    // Below every system's ephemeral range: while a server is down, a client that keeps connecting to an ephemeral port can
    // be given that very port as its own end, and then holds it (or even talks to itself) when the server wants it back.
    private const int Lowest = 20_000;
    private const int BlockSize = 500;
    private const int BlockCount = 24;

    private static readonly List<FileStream> Blocks = [];
    private static readonly Lock Sync = new();
    private static int _next;
    private static int _end;

    /// <summary>A port that nothing listens on, and that no process of the tests was given before: a server that is down finds its own again.</summary>
    /// <param name="following">How many ports after it are the caller's as well.</param>
    public static int Next(int following = 0)
    {
        lock (Sync)
        {
            while (true)
            {
                if (_next + following >= _end)
                {
                    TakeBlock();
                }

                var port = _next++;
                if (Enumerable.Range(port, following + 1).All(IsFree))
                {
                    _next += following;
                    return port;
                }
            }
        }
    }

    // Until this process ends, its open file keeps the block from others.
    private static void TakeBlock()
    {
        var start = Random.Shared.Next(BlockCount);
        for (var i = 0; i < BlockCount; i++)
        {
            var first = Lowest + ((start + i) % BlockCount * BlockSize);
            try
            {
                var path = Path.Combine(Path.GetTempPath(), $"larder-ports-{first}.lock");
                Blocks.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                (_next, _end) = (first, first + BlockSize);
                return;
            }
            catch (IOException)
            {
                // Somebody has it.
            }
        }

        throw new InvalidOperationException($"No free ports from {Lowest} to {Lowest + (BlockCount * BlockSize)}.");
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
