using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Larder.Dashboard.Tests.Apps;

/// <summary>Sends a request as it is written: an HTTP client would tidy up its path.</summary>
internal static class RawRequest
{
    public static async Task<string> GetAsync(int port, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
