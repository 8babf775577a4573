namespace Larder.Stores;

/// <summary>What a commit or a set writes.</summary>
public readonly record struct StoreWrite
{
    /// <summary>The serialized value.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The absolute expiration, from the moment of writing; <see langword="null"/> for none.</summary>
    public TimeSpan? Expiration { get; init; }

    /// <summary>The sliding expiration; <see langword="null"/> for none. The absolute deadline caps it.</summary>
    public TimeSpan? SlidingExpiration { get; init; }

    /// <summary>The tag clock as this node knew it before the factory ran.</summary>
    public TagStamp Stamp { get; init; }

    /// <summary>The entry's tags; <see langword="null"/> if none.</summary>
    public string[]? Tags { get; init; }
}
