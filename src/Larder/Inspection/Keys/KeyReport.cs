namespace Larder.Inspection;

/// <summary>A key on all nodes.</summary>
internal sealed record KeyReport
{
    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>All of it in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>What the nodes know of it: L2 as this node sees it, and each node's L1.</summary>
    public required NodeAnswers<KeyExplanation> Nodes { get; init; }

    /// <summary>The nodes whose L1 would serve another value than L2's.</summary>
    public required IReadOnlyList<string> Behind { get; init; }
}
