namespace Larder.Dashboard.Api;

/// <summary>The value of a key, as far as it is shown.</summary>
internal sealed record KeyValue
{
    public required string Key { get; init; }

    public ValueKind Kind { get; init; }

    /// <summary>Indented JSON, or text, or a hex dump; left out if there is nothing to show.</summary>
    public string? Text { get; init; }

    /// <summary>Bytes as they are stored.</summary>
    public long StoredSize { get; init; }

    /// <summary>Bytes when decrypted and decompressed; left out if it was not read.</summary>
    public long? Size { get; init; }

    /// <summary>Where it was read.</summary>
    public CacheLevel Level { get; init; }

    /// <summary>The type that this node's L1 has it as.</summary>
    public string? Type { get; init; }

    /// <summary>Whether <see cref="Text"/> is not all of it.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whether something of it was replaced by asterisks.</summary>
    public bool IsMasked { get; init; }

    /// <summary>A sentence: that it was cut, or why it can't be shown.</summary>
    public string? Note { get; init; }
}

/// <summary>How a value is shown.</summary>
internal enum ValueKind
{
    /// <summary>Not at all; the note says why.</summary>
    None,

    /// <summary>Indented JSON.</summary>
    Json,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>A hex dump.</summary>
    Bytes,
}
