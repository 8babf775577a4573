using System.Text;
using Larder.Dashboard.Api;
using Larder.Inspection;

namespace Larder.Dashboard.Values;

/// <summary>Makes of a value what may be shown of it: indented JSON, text or a hex dump, masked, redacted and cut.</summary>
internal sealed class ValueView
{
    private const long UsualRead = 8 * 1024 * 1024;

    private readonly LarderDashboardOptions _options;
    private readonly MaskedPath[] _masks;

    public ValueView(LarderDashboardOptions options)
    {
        _options = options;
        _masks = [.. options.MaskedPaths.Select(static path => MaskedPath.TryParse(path, out var mask) ? mask : null!)];
    }

    /// <summary>The largest value, in bytes, that is read to show its beginning.</summary>
    public long LargestRead => Math.Max(UsualRead, 4L * _options.MaximumValueBytes);

    /// <summary>What is shown of a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="stored">The value.</param>
    public KeyValue Of(string key, StoredValue stored)
    {
        var hidden = new KeyValue
        {
            Key = key,
            StoredSize = stored.Bytes,
            Size = stored.Payload?.Length,
            Level = stored.Level,
            Type = stored.Type,
        };
        return stored.Payload is { } payload
            ? Redacted(Shown(hidden, payload.Span, stored.Kind), hidden)
            : hidden with { Note = stored.Problem ?? "There is nothing to show." };
    }

    private KeyValue Shown(KeyValue hidden, ReadOnlySpan<byte> payload, Inspection.ValueKind kind)
    {
        var start = payload[..Math.Min(payload.Length, _options.MaximumValueBytes)];
        var isCut = start.Length < payload.Length;
        if (kind == Inspection.ValueKind.Json && JsonView.TryCreate(start, !isCut, _masks) is { } json)
        {
            return hidden with { Kind = Api.ValueKind.Json, Text = json.Text, IsMasked = json.IsMasked, IsCut = !json.IsWhole };
        }

        if (_masks.Length > 0)
        {
            return hidden with { Note = "It is no JSON, so that nothing in it could be masked: it is not shown." };
        }

        return kind == Inspection.ValueKind.Binary
            ? hidden with { Kind = Api.ValueKind.Bytes, Text = HexView.Of(start), IsCut = isCut }
            : hidden with { Kind = Api.ValueKind.Text, Text = TextOf(start), IsCut = isCut };
    }

    // Half a character at the cut stays in the decoder.
    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[bytes.Length];
        return new string(characters, 0, Encoding.UTF8.GetDecoder().GetChars(bytes, characters, flush: false));
    }

    private KeyValue Redacted(KeyValue value, KeyValue hidden)
    {
        if (value.Text is not { } text || _options.ValueRedactor is not { } redact)
        {
            return value;
        }

        try
        {
            var shown = redact(value.Key, text);
            return value with { Text = shown, IsMasked = value.IsMasked || !string.Equals(shown, text, StringComparison.Ordinal) };
        }
        catch (Exception)
        {
            return hidden with { Note = "The app's redactor failed: it is not shown." };
        }
    }
}
