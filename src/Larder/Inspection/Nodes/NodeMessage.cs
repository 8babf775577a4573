using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Inspection;

/// <summary>What goes between nodes: a question or an answer, as JSON. What a node does not know of it, it leaves out.</summary>
internal sealed partial record NodeMessage
{
    /// <summary>The question's number, on its answers too.</summary>
    public required string Id { get; init; }

    /// <summary>The node that sends it.</summary>
    public required string From { get; init; }

    /// <summary>The question; <see langword="null"/> in an answer.</summary>
    public Question? Question { get; init; }

    /// <summary>The answer.</summary>
    public Answer? Answer { get; init; }

    /// <summary>Reads a message; <see langword="null"/> if it is none, or one of another version.</summary>
    public static NodeMessage? Parse(ReadOnlySpan<byte> json) => Parse(json, Json.Default.NodeMessage);

    /// <summary>Reads a card.</summary>
    public static NodeCard? ParseCard(ReadOnlySpan<byte> json) => Parse(json, Json.Default.NodeCard);

    /// <summary>Writes a card.</summary>
    public static byte[] Write(NodeCard card) => JsonSerializer.SerializeToUtf8Bytes(card, Json.Default.NodeCard);

    /// <summary>Writes the message.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json.Default.NodeMessage);

    private static T? Parse<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.General, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(NodeMessage))]
    [JsonSerializable(typeof(NodeCard))]
    private sealed partial class Json : JsonSerializerContext;
}

/// <summary>What is asked.</summary>
internal sealed record Question
{
    /// <summary>Which of the answers is wanted.</summary>
    public required QuestionKind Kind { get; init; }

    /// <summary>The key in question.</summary>
    public string? Key { get; init; }

    /// <summary>For each node, the last event that it told.</summary>
    public IReadOnlyDictionary<string, long>? After { get; init; }
}

/// <summary>Which answer is wanted.</summary>
internal enum QuestionKind
{
    /// <summary>None that this version knows.</summary>
    Unknown,

    /// <summary>How the node is.</summary>
    Report,

    /// <summary>What it has of a key.</summary>
    Key,

    /// <summary>What happened on it.</summary>
    Events,

    /// <summary>What is worth a look on it.</summary>
    Insights,
}

/// <summary>What a node answers: one of these.</summary>
internal sealed record Answer
{
    /// <inheritdoc cref="QuestionKind.Report"/>
    public NodeReport? Report { get; init; }

    /// <inheritdoc cref="QuestionKind.Key"/>
    public KeyExplanation? Key { get; init; }

    /// <inheritdoc cref="QuestionKind.Events"/>
    public EventBatch? Events { get; init; }

    /// <inheritdoc cref="QuestionKind.Insights"/>
    public Insights? Insights { get; init; }
}
