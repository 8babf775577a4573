namespace Larder.Redis.Tests.Nodes;

/// <summary>Tests with two app servers, A and B, on one real server.</summary>
public abstract class TwoNodesOnServer(ServerKind kind) : NodesOnServer(kind)
{
    private protected TestNode A { get; private set; } = null!;

    private protected TestNode B { get; private set; } = null!;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        A = await StartNodeAsync();
        B = await StartNodeAsync();
    }
}
