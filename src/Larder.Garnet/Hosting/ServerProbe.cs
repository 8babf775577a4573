using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Larder.Garnet.Hosting;

/// <summary>Finds out what listens on a loopback port, by the handshake that any Redis client begins with.</summary>
internal static class ServerProbe
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>Connects, authenticates if there is a password, and says PING.</summary>
    public static async Task<ProbeResult> AskAsync(int port, string? password, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return new ProbeResult(PortState.Free, null);
        }

        try
        {
            var authenticated = password is null ? null : await CallAsync(socket, limit.Token, "AUTH", password).ConfigureAwait(false);
            return Judge(authenticated, await CallAsync(socket, limit.Token, "PING").ConfigureAwait(false));
        }
        catch (SocketException exception)
        {
            return new ProbeResult(PortState.Foreign, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(PortState.Silent, null);
        }
    }

    private static ProbeResult Judge(string? authenticated, string answer) => (authenticated, answer) switch
    {
        (null or "+OK", "+PONG") => new(PortState.Serves, null),
        (['-', .. var refusal], _) => new(PortState.Refuses, refusal),
        (_, ['-', .. var refusal]) => new(refusal.StartsWith("LOADING", StringComparison.Ordinal) ? PortState.Silent : PortState.Refuses, refusal),
        _ => new(PortState.Foreign, authenticated ?? answer),
    };

    private static async Task<string> CallAsync(Socket socket, CancellationToken cancellationToken, params string[] words)
    {
        var request = $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"));
        await socket.SendAsync(Encoding.UTF8.GetBytes(request), cancellationToken).ConfigureAwait(false);

        // Any of the answers, and of anything else's, is one short line.
        var buffer = new byte[512];
        var length = 0;
        while (length < buffer.Length && !buffer.AsSpan(0, length).Contains((byte)'\n'))
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.UTF8.GetString(buffer, 0, length).Split("\r\n")[0];
    }
}

/// <summary>What a probe found.</summary>
/// <param name="State">The state of the port.</param>
/// <param name="Detail">The words of what answered, if any.</param>
internal readonly record struct ProbeResult(PortState State, string? Detail);

/// <summary>What a port is to a Redis client.</summary>
internal enum PortState
{
    /// <summary>Nothing listens.</summary>
    Free,

    /// <summary>A Redis-protocol server answers and takes the password.</summary>
    Serves,

    /// <summary>A Redis-protocol server refuses us.</summary>
    Refuses,

    /// <summary>Something accepts connections and gives no answer, or is not ready to.</summary>
    Silent,

    /// <summary>Something answers that is no Redis-protocol server.</summary>
    Foreign,
}
