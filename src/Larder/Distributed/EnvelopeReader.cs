using System.Buffers.Binary;
using System.Text;

namespace Larder.Distributed;

/// <summary>
/// Reads what an <see cref="EnvelopeWriter"/> wrote, from a provider that is not trusted: nothing here throws, and after the
/// first field that is not there the others are empty. What was read counts only if <see cref="IsIntact"/> then.
/// </summary>
internal ref struct EnvelopeReader
{
    private readonly ReadOnlySpan<byte> _blob;
    private int _position;
    private bool _failed;

    public EnvelopeReader(ReadOnlySpan<byte> blob, EnvelopeKind kind)
    {
        if (blob.Length < EnvelopeWriter.FieldsOffset
            || !blob.StartsWith(EnvelopeWriter.Magic)
            || blob[EnvelopeWriter.Magic.Length] != EnvelopeWriter.FormatVersion
            || blob[EnvelopeWriter.Magic.Length + 1] != (byte)kind)
        {
            _failed = true;
            return;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(blob[EnvelopeWriter.LengthOffset..]);
        if (length < EnvelopeWriter.FieldsOffset || length > blob.Length)
        {
            _failed = true; // truncated
            return;
        }

        _blob = blob[..length]; // whatever follows is padding
        _position = EnvelopeWriter.FieldsOffset;
    }

    /// <summary>Whether all fields were there, and the blob is as it was written; to be asked after the last field.</summary>
    public readonly bool IsIntact =>
        !_failed
        && BinaryPrimitives.ReadUInt64LittleEndian(_blob[EnvelopeWriter.ChecksumOffset..]) == EnvelopeChecksum.Of(_blob[.._position], _blob[_position..]);

    /// <summary>Where in the blob the bytes lie that have not been read.</summary>
    public readonly Range Rest => _position.._blob.Length;

    public int ReadInt32() => Take(sizeof(int)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    public long ReadInt64() => Take(sizeof(long)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    public TimeSpan? ReadDuration() => ReadInt64() is var ticks and >= 0 ? new TimeSpan(ticks) : null;

    public string? ReadString()
    {
        var length = ReadInt32();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public string[]? ReadStrings()
    {
        var count = ReadInt32();
        if (count <= 0)
        {
            return null;
        }

        if (count > (_blob.Length - _position) / sizeof(int))
        {
            _failed = true; // before a damaged count allocates gigabytes
            return null;
        }

        var strings = new string[count];
        for (var i = 0; i < count; i++)
        {
            strings[i] = ReadString() ?? "";
        }

        return strings;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_failed || length > _blob.Length - _position)
        {
            _failed = true;
            return default;
        }

        _position += length;
        return _blob.Slice(_position - length, length);
    }
}
