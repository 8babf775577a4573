namespace Larder.Inspection;

/// <summary>The value of an entry, as its serializer wrote it.</summary>
internal sealed record StoredValue
{
    /// <summary>Where it was read.</summary>
    public required CacheLevel Level { get; init; }

    /// <summary>Bytes as they are in L2; in L1 those of the serialized value.</summary>
    public required long Bytes { get; init; }

    /// <summary>The value serialized, decrypted and decompressed; <see langword="null"/> if it was not, or can't be, read.</summary>
    public ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>What it is.</summary>
    public ValueKind Kind { get; init; }

    /// <summary>The type that this node's L1 has it as.</summary>
    public string? Type { get; init; }

    /// <summary>Why there is no <see cref="Payload"/>.</summary>
    public string? Problem { get; init; }
}

/// <summary>What a value is.</summary>
internal enum ValueKind
{
    /// <summary>Not read.</summary>
    None,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>Text, not JSON.</summary>
    Text,

    /// <summary>Anything else.</summary>
    Binary,
}
