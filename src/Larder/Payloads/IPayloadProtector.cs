using System.Security.Cryptography;

namespace Larder.Payloads;

/// <summary>
/// A way to encrypt payloads on their way to L2, so that whoever can read the store learns nothing of them, and whoever can
/// write to it can't make one up. Give it to a cache by <c>UsePayloadProtector</c>; <c>UseEncryption</c> brings AES-256-GCM.
/// It is called from many threads at once.
/// </summary>
public interface IPayloadProtector
{
    /// <summary>What the entry says about who encrypted it. It is stored: the same name must mean the same format for ever.</summary>
    /// <value>1 to 32 characters: ASCII letters, digits, <c>.</c>, <c>-</c>, <c>_</c>.</value>
    string Name { get; }

    /// <summary>Encrypts a payload. If it throws, the value is not cached, and a caller that set it gets the exception.</summary>
    /// <param name="payload">The payload, compressed if it was worth it.</param>
    /// <param name="key">
    /// The whole key of the entry in the store, prefix and all. The result must be bound to it: what was encrypted for one
    /// key must not be accepted for another.
    /// </param>
    /// <returns>The encrypted payload, with all that is needed to decrypt it but the secret.</returns>
    byte[] Protect(ReadOnlySpan<byte> payload, string key);

    /// <summary>Decrypts a payload.</summary>
    /// <param name="protectedPayload">What L2 had: not to be trusted.</param>
    /// <param name="key">The whole key of the entry in the store.</param>
    /// <returns>The payload, exactly as <see cref="Protect"/> got it.</returns>
    /// <exception cref="CryptographicException">
    /// It can't be decrypted, was changed, or was encrypted for another key. The entry is a miss then, as with any other
    /// exception, and the message is logged.
    /// </exception>
    byte[] Unprotect(ReadOnlySpan<byte> protectedPayload, string key);
}
