using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Larder.Redis.Protocol;

/// <summary>
/// What a seal is over, part by part, in the order of the scripts that put it there (<c>seal.lua</c>, <c>generation.lua</c>).
/// The seal is the end of a field, <c>:</c> and 8 hexadecimal digits. SHA-1 is what a script has at hand; it is against
/// accidents, not against who can write to the server.
/// </summary>
/// <param name="buffer">Where the text begins; a longer one is rented.</param>
internal ref struct SealedText(Span<byte> buffer)
{
    /// <summary>The length of a buffer that is enough for most.</summary>
    public const int OnTheStack = 512;

    private const int Digits = 8;

    // One made anew for each text costs half as much again.
    [ThreadStatic]
    private static IncrementalHash? t_sha1;

    private Span<byte> _buffer = buffer;
    private byte[]? _rented;
    private int _length;

    /// <summary>The field without its seal; the whole field if it is too short to have one.</summary>
    public static ReadOnlySpan<byte> Unsealed(ReadOnlySpan<byte> field) =>
        field.Length > Digits && field[^(Digits + 1)] == (byte)':' ? field[..^(Digits + 1)] : field;

    /// <summary>Adds a part; what is not there counts as empty.</summary>
    public void Add(scoped ReadOnlySpan<byte> part)
    {
        part.CopyTo(Next(part.Length));
        _length += part.Length;
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{byte})"/>
    public void Add(string part)
    {
        var next = Next(Encoding.UTF8.GetMaxByteCount(part.Length));
        _length += Encoding.UTF8.GetBytes(part, next);
    }

    /// <summary>Whether the seal of a field is that of this text.</summary>
    public readonly bool IsSealedBy(ReadOnlySpan<byte> field)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        var sha1 = t_sha1 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha1.AppendData(_buffer[.._length]);
        sha1.GetHashAndReset(hash);
        Span<byte> seal = stackalloc byte[Digits + 1];
        seal[0] = (byte)':';
        Convert.TryToHexStringLower(hash[..(Digits / 2)], seal[1..], out _);
        return field.EndsWith(seal);
    }

    public readonly void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private Span<byte> Next(int length)
    {
        if (_length + 1 + length > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((_length + 1 + length) * 2);
            _buffer[.._length].CopyTo(larger);
            Dispose();
            _buffer = _rented = larger;
        }

        if (_length > 0)
        {
            _buffer[_length++] = (byte)'\n';
        }

        return _buffer[_length..];
    }
}
