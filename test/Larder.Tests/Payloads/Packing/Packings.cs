using System.Security.Cryptography;
using Larder.Payloads;
using Larder.Payloads.Packing;

namespace Larder.Tests.Payloads.Packing;

/// <summary>The packing of caches with different settings.</summary>
internal static class Packings
{
    /// <summary>A key of AES-256, as text.</summary>
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static CompressionOptions Compressing(int minimumBytes = 1) => new() { IsOn = true, MinimumBytes = minimumBytes };

    public static AesGcmProtector Protector(params IEnumerable<(string Id, string Key)> keys)
    {
        var options = new EncryptionOptions();
        foreach (var (id, key) in keys)
        {
            options.CurrentKey ??= id;
            options.Keys[id] = key;
        }

        return new AesGcmProtector(options);
    }

    public static PayloadPacking Make(
        CompressionOptions? compression = null, IPayloadProtector? protector = null, string prefix = "", bool acceptUnencrypted = false) => new(
        new PayloadCompression([new BrotliCompressor()], compression ?? new CompressionOptions(), maximum: 1 << 20),
        new PayloadEncryption(protector is null ? [] : [protector], acceptUnencrypted),
        prefix);

    public static byte[] Pack(this PayloadPacking packing, byte[] payload, string key = "key") =>
        packing.Pack(key, payload, compress: true).ToArray();

    /// <summary>The payload; or null where there is a reason.</summary>
    public static byte[]? Unpack(this PayloadPacking packing, byte[] packed, string key = "key") =>
        packing.TryUnpack(key, packed, out var payload, out _) ? payload.ToArray() : null;

    public static string? ReasonOf(this PayloadPacking packing, byte[] packed, string key = "key") =>
        packing.TryUnpack(key, packed, out _, out var reason) ? null : reason;
}
