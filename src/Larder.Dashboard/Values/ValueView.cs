using System.Globalization;
using System.Text;
using Larder.Dashboard.Api;

namespace Larder.Dashboard.Values;

/// <summary>Makes of a value's bytes what may be shown of it: JSON, text or a hex dump, masked, redacted and cut.</summary>
internal sealed class ValueView
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly LarderDashboardOptions _options;
    private readonly MaskedPath[] _masks;

    public ValueView(LarderDashboardOptions options)
    {
        _options = options;
        _masks = [.. options.MaskedPaths.Select(static path => MaskedPath.TryParse(path, out var mask) ? mask : null!)];
    }

    /// <summary>What is shown of a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="bytes">Its bytes, unpacked: all of them or the first ones.</param>
    /// <param name="size">How many there are in all.</param>
    public KeyValue Of(string key, ReadOnlySpan<byte> bytes, long size)
    {
        var start = bytes[..Math.Min(bytes.Length, _options.MaximumValueBytes)];
        var isWhole = start.Length == size;
        if (JsonView.TryCreate(start, isWhole, _masks) is { } json && (json.Consumed > 0 || _masks.Length > 0))
        {
            return Redacted(new() { Key = key, Kind = ValueKind.Json, Text = json.Text, Size = size, Shown = json.Consumed, IsMasked = json.IsMasked });
        }

        if (_masks.Length > 0)
        {
            return new() { Key = key, Size = size, Note = "It is no JSON, so that nothing in it could be masked: it is not shown." };
        }

        return TextOf(start, isWhole) is { } text
            ? Redacted(new() { Key = key, Kind = ValueKind.Text, Text = text, Size = size, Shown = start.Length })
            : Hex(key, start, size);
    }

    private static string? TextOf(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        try
        {
            // The decoder keeps half a character at a cut to itself.
            var characters = new char[StrictUtf8.GetMaxCharCount(bytes.Length)];
            var length = StrictUtf8.GetDecoder().GetChars(bytes, characters, flush: isWhole);
            return HasControls(characters.AsSpan(0, length)) ? null : new string(characters, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool HasControls(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c < ' ' && c is not ('\t' or '\n' or '\r'))
            {
                return true;
            }
        }

        return false;
    }

    private KeyValue Hex(string key, ReadOnlySpan<byte> start, long size)
    {
        var lines = Math.Max(1, _options.MaximumValueBytes / HexView.LineLength);
        var shown = start[..Math.Min(start.Length, lines * 16)];
        return Redacted(new() { Key = key, Kind = ValueKind.Bytes, Text = HexView.Of(shown), Size = size, Shown = shown.Length });
    }

    private KeyValue Redacted(KeyValue value)
    {
        var shown = value;
        if (_options.ValueRedactor is { } redact)
        {
            try
            {
                var text = redact(value.Key, value.Text ?? "");
                shown = value with { Text = text, IsMasked = value.IsMasked || !string.Equals(text, value.Text, StringComparison.Ordinal) };
            }
            catch (Exception)
            {
                return new() { Key = value.Key, Size = value.Size, Note = "The app's redactor failed: it is not shown." };
            }
        }

        return shown.Shown < shown.Size
            ? shown with { Note = string.Create(CultureInfo.InvariantCulture, $"Only the first {shown.Shown:N0} of {shown.Size:N0} bytes are shown.") }
            : shown;
    }
}
