using System.Security.Cryptography;
using System.Text;

namespace Larder.Payloads.Packing;

/// <summary>
/// AES-256-GCM (NIST SP 800-38D) with rotating keys. What it makes: the length of the key's id (1 byte), the id, a random
/// nonce (12), the tag (16), the ciphertext. The id and the entry's whole key are authenticated with it.
/// </summary>
internal sealed class AesGcmProtector : IPayloadProtector
{
    public const int KeyLength = 32;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Dictionary<string, byte[]> _keys;
    private readonly byte[] _current;
    private readonly byte[] _header;

    /// <param name="options">Valid ones.</param>
    public AesGcmProtector(EncryptionOptions options)
    {
        _keys = options.Keys.ToDictionary(
            static key => key.Key, static key => Convert.FromBase64String(key.Value), StringComparer.OrdinalIgnoreCase);
        var current = options.CurrentKey ?? options.Keys.Keys.Single();
        _current = _keys[current];
        _header = [(byte)current.Length, .. Encoding.ASCII.GetBytes(current)];
    }

    public string Name => "aes-gcm";

    public byte[] Protect(ReadOnlySpan<byte> payload, string key)
    {
        var result = GC.AllocateUninitializedArray<byte>(_header.Length + NonceLength + TagLength + payload.Length);
        _header.CopyTo(result, 0);
        var nonce = result.AsSpan(_header.Length, NonceLength);
        var tag = result.AsSpan(_header.Length + NonceLength, TagLength);
        RandomNumberGenerator.Fill(nonce);

        // One object for each call: it is not safe for two threads at once.
        using var aes = new AesGcm(_current, TagLength);
        aes.Encrypt(nonce, payload, result.AsSpan(_header.Length + NonceLength + TagLength), tag, BoundTo(_header, key));
        return result;
    }

    public byte[] Unprotect(ReadOnlySpan<byte> protectedPayload, string key)
    {
        var headerLength = 1 + (protectedPayload.Length > 0 ? protectedPayload[0] : 0);
        if (protectedPayload.Length < headerLength + NonceLength + TagLength)
        {
            throw new CryptographicException("It was encrypted by 'aes-gcm', and cut off.");
        }

        var header = protectedPayload[..headerLength];
        var id = Encoding.Latin1.GetString(header[1..]);
        if (!_keys.TryGetValue(id, out var secret))
        {
            throw new CryptographicException(PackFrame.IsName(id)
                ? $"It was encrypted with the key '{id}', which this cache does not have."
                : "It was encrypted by 'aes-gcm', and is damaged.");
        }

        var nonce = protectedPayload.Slice(headerLength, NonceLength);
        var tag = protectedPayload.Slice(headerLength + NonceLength, TagLength);
        var encrypted = protectedPayload[(headerLength + NonceLength + TagLength)..];
        var payload = GC.AllocateUninitializedArray<byte>(encrypted.Length);
        using var aes = new AesGcm(secret, TagLength);
        try
        {
            aes.Decrypt(nonce, encrypted, tag, payload, BoundTo(header, key));
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new CryptographicException($"It is not what was encrypted with the key '{id}' for this entry.", fault);
        }

        return payload;
    }

    private static byte[] BoundTo(ReadOnlySpan<byte> header, string key) => [.. header, .. Encoding.UTF8.GetBytes(key)];
}
