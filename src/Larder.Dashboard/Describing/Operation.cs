using System.Text.Json.Serialization.Metadata;

namespace Larder.Dashboard.Describing;

/// <summary>An operation of the API, for its description.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Route">Its path below <c>api/v1</c>.</param>
/// <param name="Summary">What it does, in one sentence.</param>
/// <param name="Arguments">What its query may have.</param>
internal sealed record Operation(string Method, string Route, string Summary, IReadOnlyList<Argument> Arguments)
{
    /// <summary>The shape of the body; <see langword="null"/> if it has none.</summary>
    public JsonTypeInfo? Body { get; init; }

    /// <summary>The shape of the answer; <see langword="null"/> if it is a stream.</summary>
    public JsonTypeInfo? Answer { get; init; }
}
