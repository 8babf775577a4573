using System.Net;
using System.Net.Sockets;

namespace Larder.Testing;

/// <summary>
/// A TCP proxy in front of a server, which does on demand what networks do: it cuts connections, holds their bytes back,
/// swallows them, or delays them. TCP keeps the order of a connection's bytes, and so does this.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener;
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private readonly HashSet<Link> _links = [];
    private TaskCompletionSource _flowing = Flowing();

    /// <summary>Starts a proxy on a loopback port of its own.</summary>
    /// <param name="targetPort">The server's port.</param>
    public FaultyProxy(int targetPort)
    {
        TargetPort = targetPort;
        Port = FreePort.Next();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public int Port { get; }

    /// <summary>What a client connects to: <c>127.0.0.1:port</c>.</summary>
    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>Where new connections lead: another port is another server behind the same address.</summary>
    public int TargetPort { get; set; }

    /// <summary>How much later each piece arrives. Default: zero.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Cuts all connections. New ones are served.</summary>
    public void Cut()
    {
        Link[] links;
        lock (_gate)
        {
            links = [.. _links];
        }

        foreach (var link in links)
        {
            link.Cut();
        }
    }

    /// <summary>Nothing comes through, in either direction and also on new connections, until <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            if (_flowing.Task.IsCompleted)
            {
                _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Lets through what was held back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _flowing.TrySetResult();
        }
    }

    /// <summary>What the server sends on the connections of now is lost from now on; they stay open until they are cut.</summary>
    public void SwallowAnswers() => SwallowAnswers(static _ => true);

    /// <summary>The same on some of them.</summary>
    /// <param name="isChosen">Whether it is one: given the port that the server sees it come from.</param>
    public void SwallowAnswers(Func<int, bool> isChosen)
    {
        lock (_gate)
        {
            foreach (var link in _links.Where(link => isChosen(link.ServerSidePort)))
            {
                link.IsSwallowing = true;
            }
        }
    }

    /// <summary>
    /// While it is set, what the server sends on connections that have subscribed to something is lost, and they stay open: a
    /// client whose commands all succeed and that hears of nothing. Default: <see langword="false"/>.
    /// </summary>
    public bool LosesPublished { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Stopping, or a client that was gone before it was served.
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using var link = new Link(client, server);
        lock (_gate)
        {
            _links.Add(link);
        }

        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, TargetPort, link.Token);
            await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), link, isAnswer: false),
                PumpAsync(server.GetStream(), client.GetStream(), link, isAnswer: true));
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            // The server is not there: the client finds its connection closed.
        }
        finally
        {
            lock (_gate)
            {
                _links.Remove(link);
            }

            link.Cut();
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Link link, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, link.Token) is > 0 and var length)
            {
                await FlowAsync().WaitAsync(link.Token);
                if (Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, link.Token);
                }

                link.HasSubscribed |= !isAnswer && buffer.AsSpan(0, length).IndexOf("SUBSCRIBE"u8) >= 0;
                if (!isAnswer || !(link.IsSwallowing || (LosesPublished && link.HasSubscribed)))
                {
                    await to.WriteAsync(buffer.AsMemory(0, length), link.Token);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One end is gone; the other follows.
        }
    }

    private Task FlowAsync()
    {
        lock (_gate)
        {
            return _flowing.Task;
        }
    }

    private sealed class Link(TcpClient client, TcpClient server) : IDisposable
    {
        private readonly CancellationTokenSource _cut = new();

        public CancellationToken Token => _cut.Token;

        public bool IsSwallowing { get; set; }

        public int ServerSidePort => server.Client?.LocalEndPoint is IPEndPoint end ? end.Port : 0;

        public bool HasSubscribed { get; set; }

        public void Cut()
        {
            _cut.Cancel();
            client.Close();
            server.Close();
        }

        public void Dispose() => client.Dispose();
    }
}
