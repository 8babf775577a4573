using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Larder.Garnet.Hosting;

/// <summary>As much of a Redis client as a probe needs: words out, one answer back, from whatever is at the other end.</summary>
internal sealed class ProbeConnection(EndPoint endPoint) : IDisposable
{
    private const int LongestAnswer = 16 * 1024;

    private readonly Socket _socket = endPoint is IPEndPoint
        ? new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
        : new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);

    public ValueTask OpenAsync(CancellationToken cancellationToken) => _socket.ConnectAsync(endPoint, cancellationToken);

    /// <summary>Sends a command and returns its answer: the line, or the text after the line that says its length.</summary>
    public async Task<string> CallAsync(CancellationToken cancellationToken, params string[] words)
    {
        var request = $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"));
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request), cancellationToken).ConfigureAwait(false);

        var buffer = new byte[LongestAnswer];
        var length = 0;
        while (length < buffer.Length && !IsWhole(buffer.AsSpan(0, length)))
        {
            var read = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        var answer = Encoding.UTF8.GetString(buffer, 0, length);
        var end = answer.IndexOf("\r\n", StringComparison.Ordinal);
        return end < 0 ? answer : answer is ['$', ..] ? answer[(end + 2)..] : answer[..end];
    }

    /// <summary>Returns when the other side has closed the connection.</summary>
    public async Task UntilClosedAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[64];
        while (await _socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
        {
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n"u8);
        return end >= 0
            && (answer[0] != '$' || !int.TryParse(answer[1..end], out var length) || answer.Length >= end + 2 + length + 2);
    }
}
