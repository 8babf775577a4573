using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larder.Payloads.Packing;

/// <summary>
/// What happens to payloads between the serializer and L2: compression, then encryption. L1 keeps them as the serializer
/// wrote them, and without either so does L2.
/// </summary>
internal sealed class PayloadPacking(PayloadCompression compression, PayloadEncryption encryption, string keyPrefix)
{
    // The longest payload that is compressed or restored where the app sets no limit: what a few bytes can blow up to.
    private const long DefaultMaximum = 256 << 20;

    private static readonly byte[] RawHeader = PackFrame.RawHeader();

    /// <summary>Neither compresses nor encrypts; reads what Brotli compressed.</summary>
    public static PayloadPacking None { get; } = new(
        new PayloadCompression([new BrotliCompressor()], new CompressionOptions(), DefaultMaximum), new PayloadEncryption([], acceptUnencrypted: false), "");

    /// <summary>Makes the packing of a cache from what is registered for it.</summary>
    public static PayloadPacking Create(IServiceProvider services, string cacheName, string keyPrefix, long? maximumPayloadBytes)
    {
        var compression = services.GetRequiredService<IOptionsMonitor<CompressionOptions>>().Get(cacheName);
        var encryption = services.GetRequiredService<IOptionsMonitor<EncryptionOptions>>().Get(cacheName);
        return new(
            new PayloadCompression(Compressors(services, cacheName), compression, maximumPayloadBytes ?? DefaultMaximum),
            new PayloadEncryption(services.GetKeyedServices<IPayloadProtector>(cacheName), encryption.AcceptUnencrypted),
            keyPrefix);
    }

    /// <summary>The algorithms that a cache knows, Brotli first.</summary>
    public static IEnumerable<IPayloadCompressor> Compressors(IServiceProvider services, string? cacheName) =>
        [new BrotliCompressor(), .. services.GetKeyedServices<IPayloadCompressor>(cacheName ?? "")];

    /// <summary>Packs a payload for L2; the same memory if there is nothing to do.</summary>
    /// <exception cref="InvalidOperationException">It could not be compressed or encrypted.</exception>
    public ReadOnlyMemory<byte> Pack(string key, ReadOnlyMemory<byte> payload, bool compress)
    {
        try
        {
            return encryption.Protect((compress ? compression.Compress(payload.Span) : null) ?? Escape(payload), keyPrefix + key);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"A payload could not be packed for L2. {fault.Message}", fault);
        }
    }

    /// <summary>Restores a payload that L2 had. It never throws: anything may be in L2.</summary>
    public bool TryUnpack(string key, ReadOnlyMemory<byte> packed, out ReadOnlyMemory<byte> payload, [NotNullWhen(false)] out string? reason)
    {
        try
        {
            reason = Unpack(key, packed, out payload);
        }
        catch (Exception fault)
        {
            payload = default;
            reason = fault.Message;
        }

        return reason is null;
    }

    private string? Unpack(string key, ReadOnlyMemory<byte> packed, out ReadOnlyMemory<byte> payload)
    {
        payload = packed;
        if (PackFrame.TryRead(packed, out var frame) && frame.Kind == PackKind.Encrypted)
        {
            return encryption.Unprotect(frame, keyPrefix + key, out var inner) ?? Open(inner, out payload);
        }

        return encryption.IsDemanded
            ? $"It is not encrypted, and {nameof(EncryptionOptions.AcceptUnencrypted)} is not set."
            : Open(packed, out payload);
    }

    // What is not encrypted, or is no more.
    private string? Open(ReadOnlyMemory<byte> packed, out ReadOnlyMemory<byte> payload)
    {
        payload = packed;
        if (!PackFrame.Begins(packed.Span))
        {
            return null;
        }

        if (!PackFrame.TryRead(packed, out var frame) || frame.Kind == PackKind.Encrypted)
        {
            return "It is packed in a way that this version does not know.";
        }

        payload = frame.Body;
        return frame.Kind == PackKind.Raw ? null : compression.Decompress(frame, out payload);
    }

    private static ReadOnlyMemory<byte> Escape(ReadOnlyMemory<byte> payload) =>
        PackFrame.Begins(payload.Span) ? (byte[])[.. RawHeader, .. payload.Span] : payload;
}
