namespace Larder.Inspection;

/// <summary>What the nodes of a cache answered to a question: this one first, then those that are known.</summary>
/// <param name="Nodes">The nodes.</param>
internal sealed record NodeAnswers<T>(IReadOnlyList<NodeAnswer<T>> Nodes)
    where T : class
{
    /// <summary>How many answered.</summary>
    public int Answered => Nodes.Count(static node => node.Answer is not null);
}

/// <summary>What a node answered.</summary>
internal sealed record NodeAnswer<T>
    where T : class
{
    /// <summary>The node's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>Whether it is the one that asked.</summary>
    public bool IsThis { get; init; }

    /// <summary>Its answer; <see langword="null"/> if it gave none in time.</summary>
    public T? Answer { get; init; }

    /// <summary>When that came, on this node's clock.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>What it last said of itself unasked; <see langword="null"/> if nothing.</summary>
    public NodeCard? Card { get; init; }
}

/// <summary>What a node leaves in L2 every few seconds, for those who look for it.</summary>
internal sealed record NodeCard
{
    /// <summary>The node's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>When, by its own wall clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When its cache was made.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether it trusted its L1 then.</summary>
    public required TrustReport Trust { get; init; }
}
