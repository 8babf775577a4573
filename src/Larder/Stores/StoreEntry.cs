namespace Larder.Stores;

/// <summary>An entry as it was read from a store.</summary>
public readonly record struct StoreEntry
{
    /// <summary>The serialized value.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Names this write of the entry; <see langword="null"/> if something else than Larder wrote it.</summary>
    public string? Version { get; init; }

    /// <summary>The time left to the absolute deadline by the server's clock; <see langword="null"/> if it has none.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The sliding expiration; <see langword="null"/> if the entry does not slide.</summary>
    public TimeSpan? SlidingExpiration { get; init; }

    /// <summary>The time since it was written, by the server's clock; <see langword="null"/> if the store can't tell.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The tag clock as the writer knew it before its factory ran.</summary>
    public TagStamp Stamp { get; init; }

    /// <summary>The tags that it was stored with; <see langword="null"/> if none.</summary>
    public string[]? Tags { get; init; }
}
