using Larder.Garnet.Options;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.Garnet.Tests.Options;

public sealed class EmbeddedGarnetOptionsValidatorTests
{
    private const string SocketPath = "it may be the path of a Unix domain socket, in full as long as the system allows (108 bytes on Linux), or not set.";

    private static readonly string LongName = new('x', 108);

    public static TheoryData<EmbeddedGarnetOptions, string> Invalid { get; } = new()
    {
        { new() { Port = 0 }, "The setting Larder:Garnet:Port was '0'; it may be from 1 to 65535." },
        { new() { Port = 65_536 }, "The setting Larder:Garnet:Port was '65536'; it may be from 1 to 65535." },
        { new() { UnixSocket = " " }, $"The setting Larder:Garnet:UnixSocket was ' '; {SocketPath}" },
        { new() { UnixSocket = $"/{LongName}" }, $"The setting Larder:Garnet:UnixSocket was '/{LongName}'; {SocketPath}" },
        { new() { UnixSocket = "\0abstract" }, $"The setting Larder:Garnet:UnixSocket was '\0abstract'; {SocketPath}" },
        { new() { MemorySize = 1 << 20 }, "The setting Larder:Garnet:MemorySize was '1048576'; it may be from 8388608 to 68719476736." },
        { new() { DataDirectory = " " }, "The setting Larder:Garnet:DataDirectory was ' '; it may be the path of a directory, or not set." },
        { new() { Password = "" }, "The setting Larder:Garnet:Password was ''; it may be at least one character, or not set." },
    };

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void Validate_InvalidSetting_NamesItItsValueAndWhatItMayBe(EmbeddedGarnetOptions options, string message) =>
        Assert.Equal(message, new EmbeddedGarnetOptionsValidator().Validate("", options).FailureMessage);

    [Fact]
    public void Validate_OfANamedCache_NamesItsSection() => Assert.StartsWith(
        "The setting Larder:sessions:Garnet:Port was '0'",
        new EmbeddedGarnetOptionsValidator().Validate("sessions", new() { Port = 0 }).FailureMessage,
        StringComparison.Ordinal);

    [Fact]
    public void Validate_Defaults_Succeeds() =>
        Assert.Equal(ValidateOptionsResult.Success, new EmbeddedGarnetOptionsValidator().Validate("", new()));

    [Fact]
    public async Task Start_InvalidSetting_FailsWithItsMessage()
    {
        using var app = CacheApp.Create(["Larder:Garnet:Port=0"]);
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        Assert.Equal("The setting Larder:Garnet:Port was '0'; it may be from 1 to 65535.", exception.Message);
    }
}
