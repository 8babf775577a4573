namespace Larder.Payloads.Packing;

/// <summary>Encrypts the payloads of one cache, and decrypts them. The body of the frame is what the protector made.</summary>
internal sealed class PayloadEncryption
{
    private readonly Dictionary<string, IPayloadProtector> _known = new(StringComparer.Ordinal);
    private readonly IPayloadProtector? _current;
    private readonly byte[] _header = [];

    /// <param name="known">The protectors; the last one encrypts, all decrypt.</param>
    /// <param name="acceptUnencrypted">Whether what is not encrypted is read all the same.</param>
    public PayloadEncryption(IEnumerable<IPayloadProtector> known, bool acceptUnencrypted)
    {
        foreach (var protector in known)
        {
            _known[protector.Name] = _current = protector;
        }

        IsDemanded = _current is not null && !acceptUnencrypted;
        if (_current is not null)
        {
            _header = PackFrame.Header(PackKind.Encrypted, _current.Name);
        }
    }

    /// <summary>Whether what is not encrypted is refused.</summary>
    public bool IsDemanded { get; }

    /// <summary>A frame with the encrypted payload; the payload itself if nothing encrypts.</summary>
    public ReadOnlyMemory<byte> Protect(ReadOnlyMemory<byte> payload, string key) =>
        _current is null ? payload : (byte[])[.. _header, .. _current.Protect(payload.Span, key)];

    /// <summary>Decrypts a payload.</summary>
    /// <returns>Why that is impossible; <see langword="null"/> if it was done.</returns>
    public string? Unprotect(PackFrame frame, string key, out ReadOnlyMemory<byte> payload)
    {
        if (_known.TryGetValue(frame.Algorithm, out var protector))
        {
            payload = protector.Unprotect(frame.Body.Span, key);
            return null;
        }

        payload = default;
        return $"It was encrypted by '{frame.Algorithm}', which this cache was not given.";
    }
}
