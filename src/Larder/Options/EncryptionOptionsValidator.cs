using System.Security.Cryptography;
using Larder.Payloads.Packing;
using Microsoft.Extensions.Options;

namespace Larder.Options;

/// <summary>Checks the keys of encryption; no message shows one.</summary>
internal sealed class EncryptionOptionsValidator : IValidateOptions<EncryptionOptions>
{
    private const string Allowed = "the base64 of 32 bytes";

    public ValidateOptionsResult Validate(string? name, EncryptionOptions options)
    {
        var settings = new SettingChecks(SectionName.Of(name, "Encryption"));
        if (!options.UsesKeys)
        {
            return settings.Result;
        }

        if (!AesGcm.IsSupported)
        {
            return ValidateOptionsResult.Fail("UseEncryption needs AES-GCM, which this platform does not have; UseDataProtection may do.");
        }

        settings.Secret(nameof(options.Keys), "empty", options.Keys.Count > 0, $"one or more keys, each {Allowed}, by their ids");
        foreach (var (id, key) in options.Keys)
        {
            settings.True($"{nameof(options.Keys)}:{id}", id, PackFrame.IsName(id), "named with 1 to 32 ASCII letters, digits, '.', '-' or '_'");
            var length = LengthOf(key);
            settings.Secret(
                $"{nameof(options.Keys)}:{id}",
                length is null ? "no base64" : $"the base64 of {length} bytes",
                length == AesGcmProtector.KeyLength,
                Allowed);
        }

        settings.True(
            nameof(options.CurrentKey),
            options.CurrentKey,
            options.CurrentKey is { } current ? options.Keys.ContainsKey(current) : options.Keys.Count < 2,
            $"the id of one of the keys ({string.Join(", ", options.Keys.Keys)}), and not set if there is only one");
        return settings.Result;
    }

    private static int? LengthOf(string? key)
    {
        var bytes = new byte[key?.Length ?? 0];
        return Convert.TryFromBase64String(key ?? "", bytes, out var length) ? length : null;
    }
}
