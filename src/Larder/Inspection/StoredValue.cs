namespace Larder.Inspection;

/// <summary>The value of an entry, for a person.</summary>
internal sealed record StoredValue
{
    /// <summary>Where it was read.</summary>
    public required CacheLevel Level { get; init; }

    /// <summary>Bytes in L2, or of the serialized value in L1.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes when decrypted and decompressed; <see langword="null"/> if it was not read.</summary>
    public long? PayloadBytes { get; init; }

    /// <summary>What it is.</summary>
    public ValueKind Kind { get; init; }

    /// <summary>The type that this node's L1 has it as.</summary>
    public string? Type { get; init; }

    /// <summary>The value, or its beginning: JSON and text as they are, else bytes in hexadecimal.</summary>
    public string? Text { get; init; }

    /// <summary>Whether <see cref="Text"/> is not all of it.</summary>
    public bool IsCut { get; init; }

    /// <summary>Why there is no <see cref="Text"/>.</summary>
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
