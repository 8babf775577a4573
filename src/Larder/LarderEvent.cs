namespace Larder;

/// <summary>Something that happened in a cache on this node.</summary>
/// <param name="Kind">What.</param>
/// <param name="Subject">The key or, for <see cref="LarderEventKind.Tag"/> and <see cref="LarderEventKind.ExpireTag"/>, the tag; empty where there is none.</param>
public readonly record struct LarderEvent(LarderEventKind Kind, string Subject = "")
{
    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Where a hit was found.</summary>
    public CacheLevel Level { get; init; }

    /// <summary>The node that did it; <see langword="null"/> for this one.</summary>
    public string? Node { get; init; }

    /// <summary>What went wrong, if something did.</summary>
    public Exception? Fault { get; init; }
}
