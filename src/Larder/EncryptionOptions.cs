namespace Larder;

/// <summary>
/// How payloads are encrypted on their way to L2, bound from the configuration section <c>Larder:Encryption</c>
/// (<c>Larder:{name}:Encryption</c> for a named cache) and validated at start.
/// </summary>
public sealed class EncryptionOptions
{
    /// <summary>
    /// The keys of AES-256-GCM by their ids. All of them decrypt, <see cref="CurrentKey"/> encrypts. An id is stored with the
    /// entry and is no secret; the same id must mean the same key for ever.
    /// </summary>
    /// <value>
    /// Default: none; <c>UseEncryption</c> needs at least one. An id has 1 to 32 characters (ASCII letters, digits, <c>.</c>,
    /// <c>-</c>, <c>_</c>; case does not count), a key is the base64 of 32 random bytes: <c>openssl rand -base64 32</c>.
    /// </value>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The id of the key that encrypts. A new key is added to all servers first, and made current then.</summary>
    /// <value>Default: the only one of <see cref="Keys"/>; needed where there are more.</value>
    public string? CurrentKey { get; set; }

    /// <summary>
    /// Whether what is not encrypted is read all the same, for the time in which a running system changes to encryption:
    /// while it is set, whoever can write to the store can make values up.
    /// </summary>
    /// <value>Default: <see langword="false"/>; what is not encrypted counts as missing.</value>
    public bool AcceptUnencrypted { get; set; }

    /// <summary>Whether UseEncryption was called, which needs keys.</summary>
    internal bool UsesKeys { get; set; }
}
