using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Larder.Payloads;

/// <summary>The JSON of entries whose app says nothing about it.</summary>
internal static class JsonPayload
{
    /// <summary>
    /// Fields count, or tuples would be empty. Names are read in any case, for other programs write camelCase. Nothing is
    /// escaped that need not be: people read these payloads, and no browser takes them for HTML.
    /// </summary>
    public static JsonSerializerOptions DefaultOptions { get; } = new()
    {
        IncludeFields = true,
        PropertyNameCaseInsensitive = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = Resolver(),
    };

    /// <summary>Options as an app has made them; without a resolver, they get the one of reflection at their first use.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Not reached where reflection is off.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Not reached where reflection is off.")]
    public static JsonSerializerOptions Complete(JsonSerializerOptions options)
    {
        if (!options.IsReadOnly && JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.MakeReadOnly(populateMissingResolver: true);
        }

        return options;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Not reached where reflection is off.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Not reached where reflection is off.")]
    private static IJsonTypeInfoResolver Resolver() => JsonSerializer.IsReflectionEnabledByDefault
        ? new DefaultJsonTypeInfoResolver()
        : JsonTypeInfoResolver.Combine();
}
