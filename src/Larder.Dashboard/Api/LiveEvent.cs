namespace Larder.Dashboard.Api;

/// <summary>Something that happened on this node, or that it heard of.</summary>
internal sealed record LiveEvent
{
    public DateTimeOffset At { get; init; }

    /// <summary>As <see cref="LarderEventKind"/>, in camel case.</summary>
    public LarderEventKind Kind { get; init; }

    /// <summary>The key or, for <c>tag</c>, the tag; left out if there is none.</summary>
    public string? Subject { get; init; }

    /// <summary>Where a hit was found: <c>l1</c> or <c>l2</c>.</summary>
    public string? Level { get; init; }

    /// <summary>The node that did it.</summary>
    public required string Node { get; init; }

    /// <summary>What went wrong, if something did.</summary>
    public string? Fault { get; init; }
}

/// <summary>What was left out of the stream since the last such note.</summary>
/// <param name="Seen">Events that matched.</param>
/// <param name="Shown">Those of them that were sent.</param>
internal sealed record LiveSampling(long Seen, long Shown);
