using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Larder.Distributed;

/// <summary>
/// Writes the header of a blob: <c>Lard</c>, the format's version and the blob's kind (a byte each), the length of the
/// whole blob (4 bytes), a checksum (8 bytes, <see cref="EnvelopeChecksum"/>), then the kind's fields. Numbers are little
/// endian; a string is its length in bytes (4 bytes, -1 for null) and its UTF-8.
/// </summary>
internal sealed class EnvelopeWriter
{
    public const byte FormatVersion = 3;
    public const int LengthOffset = 6;
    public const int ChecksumOffset = LengthOffset + sizeof(int);
    public const int FieldsOffset = ChecksumOffset + sizeof(ulong);

    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public EnvelopeWriter(EnvelopeKind kind)
    {
        _buffer.Write(Magic);
        _buffer.Write<byte>([FormatVersion, (byte)kind]);
        _buffer.GetSpan(FieldsOffset - LengthOffset)[..(FieldsOffset - LengthOffset)].Clear();
        _buffer.Advance(FieldsOffset - LengthOffset);
    }

    public static ReadOnlySpan<byte> Magic => "Lard"u8;

    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    public void Write(TimeSpan? value) => Write(value?.Ticks ?? -1);

    public void Write(string? value)
    {
        if (value is null)
        {
            Write(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Write(length);
        _buffer.Advance(Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length)));
    }

    /// <summary>The header of a blob that goes on with <paramref name="body"/>.</summary>
    public ReadOnlyMemory<byte> Finish(ReadOnlySpan<byte> body)
    {
        var header = _buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(LengthOffset), checked(header.Length + body.Length));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(ChecksumOffset), EnvelopeChecksum.Of(header, body));
        return header;
    }
}

/// <summary>What a blob, or a message of the backplane, holds.</summary>
internal enum EnvelopeKind : byte
{
    Entry = 1,
    TagStamp = 2,
    Message = 3,
}
