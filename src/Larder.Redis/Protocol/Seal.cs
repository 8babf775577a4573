using System.Buffers;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// The checksum at the end of a field, <c>:</c> and 8 hexadecimal digits, that scripts put there (<c>seal.lua</c>,
/// <c>generation.lua</c>). SHA-1 is what a script has at hand; it is against accidents, not against who can write to the
/// server.
/// </summary>
internal static class Seal
{
    private const int Digits = 8;
    private const int OnTheStack = 512;

    /// <summary>The field without its seal; the whole field if it is too short to have one.</summary>
    public static ReadOnlyMemory<byte> Unsealed(RedisValue field)
    {
        var bytes = (ReadOnlyMemory<byte>)field;
        return bytes.Length > Digits && bytes.Span[^(Digits + 1)] == (byte)':' ? bytes[..^(Digits + 1)] : bytes;
    }

    /// <summary>Whether the seal of a field holds.</summary>
    /// <param name="field">The field.</param>
    /// <param name="parts">What is sealed, in the script's order; what is not there counts as empty.</param>
    public static bool Holds(RedisValue field, params ReadOnlySpan<RedisValue> parts)
    {
        var length = parts.Length;
        foreach (var part in parts)
        {
            length += ((ReadOnlyMemory<byte>)part).Length;
        }

        var rented = length > OnTheStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var text = rented ?? stackalloc byte[OnTheStack];
        var written = 0;
        foreach (var part in parts)
        {
            if (written > 0)
            {
                text[written++] = (byte)'\n';
            }

            var bytes = (ReadOnlyMemory<byte>)part;
            bytes.Span.CopyTo(text[written..]);
            written += bytes.Length;
        }

        var holds = Ends(((ReadOnlyMemory<byte>)field).Span, text[..written]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return holds;
    }

    private static bool Ends(ReadOnlySpan<byte> field, ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // No secret depends on it.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        Span<byte> seal = stackalloc byte[Digits + 1];
        seal[0] = (byte)':';
        Convert.TryToHexStringLower(hash[..(Digits / 2)], seal[1..], out _);
        return field.EndsWith(seal);
    }
}
