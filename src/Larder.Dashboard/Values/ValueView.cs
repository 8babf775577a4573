using System.Text;
using Larder.Dashboard.Api;
using Larder.Inspection;

namespace Larder.Dashboard.Values;

/// <summary>Makes of a value what may be shown of it: indented JSON, text or a hex dump, masked and redacted.</summary>
internal sealed class ValueView
{
    private readonly LarderDashboardOptions _options;
    private readonly MaskedPath[] _masks;

    public ValueView(LarderDashboardOptions options)
    {
        _options = options;
        _masks = [.. options.MaskedPaths.Select(static path => MaskedPath.TryParse(path, out var mask) ? mask : null!)];
    }

    /// <summary>What is shown of a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="stored">The value, or its beginning.</param>
    public KeyValue Of(string key, StoredValue stored)
    {
        var hidden = new KeyValue
        {
            Key = key,
            StoredSize = stored.Bytes,
            Size = stored.PayloadBytes,
            Level = stored.Level,
            Type = stored.Type,
        };
        return stored.Text is { } text
            ? Redacted(Shown(hidden with { IsCut = stored.IsCut }, text, stored.Kind), hidden)
            : hidden with { Note = stored.Problem ?? "There is nothing to show." };
    }

    private KeyValue Shown(KeyValue value, string text, Inspection.ValueKind kind)
    {
        if (kind == Inspection.ValueKind.Json && JsonView.TryCreate(Encoding.UTF8.GetBytes(text), !value.IsCut, _masks) is { } json)
        {
            return value with { Kind = Api.ValueKind.Json, Text = json.Text, IsMasked = json.IsMasked, IsCut = value.IsCut || !json.IsWhole };
        }

        if (_masks.Length > 0)
        {
            return value with { Note = "It is no JSON, so that nothing in it could be masked: it is not shown.", IsCut = false };
        }

        return kind == Inspection.ValueKind.Binary
            ? value with { Kind = Api.ValueKind.Bytes, Text = HexView.Of(Convert.FromHexString(text)) }
            : value with { Kind = Api.ValueKind.Text, Text = text };
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
