using Xunit;

namespace Larder.Redis.Tests.Nodes;

/// <summary>Tests with app servers on one real server; all are stopped after each test.</summary>
public abstract class NodesOnServer(ServerKind kind) : IAsyncLifetime
{
    private readonly List<TestNode> _nodes = [];

    /// <summary>The server.</summary>
    protected ITestServer Server { get; private set; } = null!;

    /// <summary>What the app servers connect to.</summary>
    protected virtual string Configuration => Server.Configuration;

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => Server = await TestServer.StartAsync(kind);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    /// <summary>Starts an app server and waits until it listens to the feed.</summary>
    internal async Task<TestNode> StartNodeAsync(
        Action<LarderOptions>? configure = null, TimeProvider? time = null, Action<ILarderBuilder>? build = null)
    {
        var node = StartDetachedNode(configure, time, build);
        await node.TrustsItsL1Async();
        return node;
    }

    /// <summary>Starts an app server, whether it can reach the server or not.</summary>
    internal TestNode StartDetachedNode(
        Action<LarderOptions>? configure = null, TimeProvider? time = null, Action<ILarderBuilder>? build = null)
    {
        var node = new TestNode(new LarderRedisOptions { Configuration = Configuration }, configure, time, build);
        _nodes.Add(node);
        return node;
    }
}
