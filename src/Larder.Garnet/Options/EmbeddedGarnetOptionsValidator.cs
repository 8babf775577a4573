using System.Net.Sockets;
using Larder.Options;
using Microsoft.Extensions.Options;

namespace Larder.Garnet.Options;

/// <summary>Checks the embedded server's options at start.</summary>
internal sealed class EmbeddedGarnetOptionsValidator : IValidateOptions<EmbeddedGarnetOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedGarnetOptions options)
    {
        var settings = new SettingChecks(SectionName.Of(name, "Garnet"));

        settings.Range(nameof(options.Port), options.Port, 1, 65_535);
        settings.True(
            nameof(options.UnixSocket),
            options.UnixSocket,
            options.UnixSocket is null || IsSocketPath(options.UnixSocket),
            "the path of a Unix domain socket, in full as long as the system allows (108 bytes on Linux), or not set");
        settings.Range(nameof(options.MemorySize), options.MemorySize, 8L << 20, 64L << 30);
        settings.True(
            nameof(options.DataDirectory),
            options.DataDirectory,
            options.DataDirectory is null || !string.IsNullOrWhiteSpace(options.DataDirectory),
            "the path of a directory, or not set");
        // The password itself is in no message.
        settings.True(nameof(options.Password), options.Password, options.Password is not "", "at least one character, or not set");
        return settings.Result;
    }

    private static bool IsSocketPath(string path)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(path) && new UnixDomainSocketEndPoint(Path.GetFullPath(path)).AddressFamily == AddressFamily.Unix;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
