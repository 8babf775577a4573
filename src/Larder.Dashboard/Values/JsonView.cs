using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larder.Dashboard.Values;

/// <summary>
/// Indents JSON and masks parts of it, in one pass that ends where its input or its budget does: of a value of many megabytes
/// only the beginning is ever looked at.
/// </summary>
internal sealed class JsonView
{
    private const string Mask = "***";

    private static readonly JsonWriterOptions Writing = new()
    {
        Indented = true,
        NewLine = "\n",
        // The text is an element of another JSON document, which escapes it once more, and the page shows it as text.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // What is cut stays open.
        SkipValidation = true,
    };

    private readonly IReadOnlyList<MaskedPath> _masks;
    private readonly List<JsonStep> _place = [];
    private readonly ArrayBufferWriter<byte> _text = new();

    private JsonView(IReadOnlyList<MaskedPath> masks) => _masks = masks;

    /// <summary>The text.</summary>
    public string Text => Encoding.UTF8.GetString(_text.WrittenSpan);

    /// <summary>Whether it shows all of the input.</summary>
    public bool IsWhole { get; private set; }

    public bool IsMasked { get; private set; }

    /// <summary>Reads JSON.</summary>
    /// <param name="json">The JSON, or its beginning.</param>
    /// <param name="isWhole">Whether it is all of it.</param>
    /// <param name="masks">What is masked.</param>
    /// <returns><see langword="null"/> if it is no JSON, as far as it was read.</returns>
    public static JsonView? TryCreate(ReadOnlySpan<byte> json, bool isWhole, IReadOnlyList<MaskedPath> masks)
    {
        var view = new JsonView(masks);
        try
        {
            view.Read(json, isWhole);
            return view;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no UTF-8.
            return null;
        }
    }

    private void Read(ReadOnlySpan<byte> json, bool isWhole)
    {
        // Deep nesting is indented far: what is shown is bounded too.
        var budget = 4L * json.Length + 1024;
        var reader = new Utf8JsonReader(json, isWhole, default);
        using var writer = new Utf8JsonWriter(_text, Writing);
        while (writer.BytesCommitted + writer.BytesPending < budget)
        {
            if (!reader.Read())
            {
                IsWhole = isWhole;
                break;
            }

            if (!Copy(ref reader, writer))
            {
                break;
            }
        }

        writer.Flush();
    }

    // False if the input ends within something that is masked.
    private bool Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                var name = reader.GetString()!;
                _place[^1] = new(name, 0);
                writer.WritePropertyName(name);
                return true;
            case JsonTokenType.EndObject:
                _place.RemoveAt(_place.Count - 1);
                writer.WriteEndObject();
                return true;
            case JsonTokenType.EndArray:
                _place.RemoveAt(_place.Count - 1);
                writer.WriteEndArray();
                return true;
            default:
                return CopyValue(ref reader, writer);
        }
    }

    private bool CopyValue(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        if (_place is [.., { Name: null } last])
        {
            _place[^1] = last with { Index = last.Index + 1 };
        }

        if (IsMaskedPlace())
        {
            IsMasked = true;
            writer.WriteStringValue(Mask);
            return Skip(ref reader);
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _place.Add(new("", 0));
                writer.WriteStartObject();
                break;
            case JsonTokenType.StartArray:
                _place.Add(new(null, -1));
                writer.WriteStartArray();
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            case JsonTokenType.Number:
                // As it is written: a number may have more digits than any type holds.
                JsonElement.ParseValue(ref reader).WriteTo(writer);
                break;
            case JsonTokenType.Null:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteBooleanValue(reader.GetBoolean());
                break;
        }

        return true;
    }

    private bool IsMaskedPlace()
    {
        foreach (var mask in _masks)
        {
            if (mask.Matches(CollectionsMarshal.AsSpan(_place)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Skip(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return true;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read())
        {
            if (reader.CurrentDepth == depth && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                return true;
            }
        }

        return false;
    }
}
