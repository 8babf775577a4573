namespace Larder.Testing;

/// <summary>A Redis-protocol server that belongs to a test, on a loopback port or at a socket of its own.</summary>
public interface ITestServer : IAsyncDisposable
{
    /// <summary>The port, unless it listens at a socket; the same one after a restart.</summary>
    int Port { get; }

    /// <summary>What a client connects to: <c>127.0.0.1:port</c>, or <c>!path</c> of a socket.</summary>
    string Configuration { get; }

    /// <summary>Ends it at once: connections break, and nothing that was not yet on disk is written.</summary>
    Task KillAsync();

    /// <summary>Shuts it down in order.</summary>
    Task StopAsync();

    /// <summary>Starts it again at the same address, after stopping it if it runs. It is empty, unless it keeps its data on disk.</summary>
    Task RestartAsync();
}
