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

    /// <summary>
    /// For how long the entry is kept after it has expired, as an expired one (<see cref="StoreEntry.IsExpired"/>);
    /// <see langword="null"/> for not at all.
    /// </summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The tag clock as this node knew it before the factory ran.</summary>
    public TagStamp Stamp { get; init; }

    /// <summary>The entry's tags; <see langword="null"/> if none.</summary>
    public string[]? Tags { get; init; }

    /// <summary>What the origin calls this version of the value (RFC 9110, section 8.8.3); <see langword="null"/> if it doesn't.</summary>
    public string? ETag { get; init; }

    /// <summary>When the value last changed, as the origin has it (RFC 9110, section 8.8.2); <see langword="null"/> if it doesn't say.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>
    /// Another program may write its own value over this one in place: the store keeps nothing by which it would take that
    /// for damage.
    /// </summary>
    public bool IsUnverified { get; init; }

    /// <summary>Whether a factory made the value; otherwise a caller has set it.</summary>
    internal bool IsMade { get; init; }
}
