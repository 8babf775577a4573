using System.IO.Compression;
using Larder.Payloads.Packing;
using Larder.Tests.Payloads.Packing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Larder.Tests.Hosting;

/// <summary>The settings of compression and encryption: where they come from, and what is said about wrong ones.</summary>
public sealed class LarderPayloadExtensionsTests
{
    private const string TooShort = "c2VjcmV0";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void UseCompression_Configuration_IsBoundOnceAndCodeComesAfterIt()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Larder:Compression:MinimumBytes"] = "100",
            ["Larder:Compression:Level"] = "SmallestSize",
            ["Larder:orders:Compression:MinimumBytes"] = "200",
        };
        using var host = Build(settings, services =>
        {
            services.AddLarder().UseCompression(options => options.MinimumBytes = 300).UseCompression();
            services.AddLarder("orders").UseCompression();
        });
        var options = host.Services.GetRequiredService<IOptionsMonitor<CompressionOptions>>();

        Assert.Equal((300, CompressionLevel.SmallestSize), (options.CurrentValue.MinimumBytes, options.CurrentValue.Level));
        Assert.Equal((200, CompressionLevel.Fastest), (options.Get("orders").MinimumBytes, options.Get("orders").Level));
        Assert.False(options.Get("others").IsOn);
    }

    [Theory]
    [InlineData("MinimumBytes", "0", "The setting Larder:Compression:MinimumBytes was '0'; it may be from 1 to 2147483647.")]
    [InlineData("Level", "NoCompression", "The setting Larder:Compression:Level was 'NoCompression'; it may be Optimal, Fastest or SmallestSize.")]
    [InlineData("Level", "7", "The setting Larder:Compression:Level was '7'; it may be Optimal, Fastest or SmallestSize.")]
    [InlineData("Algorithm", "zip", "The setting Larder:Compression:Algorithm was 'zip'; it may be one of those that the cache was given (brotli), or not set.")]
    public async Task UseCompression_WrongSetting_StartFailsAndSaysWhich(string setting, string value, string message)
    {
        using var host = Build(new() { [$"Larder:Compression:{setting}"] = value }, services => services.AddLarder().UseCompression());

        Assert.Equal(message, (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message);
    }

    [Fact]
    public async Task UseCompression_LevelThatIsNoWord_StartFailsAndNamesTheSetting()
    {
        using var host = Build(new() { ["Larder:Compression:Level"] = "high" }, services => services.AddLarder().UseCompression());

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Cancel));

        Assert.Contains("Larder:Compression:Level", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UsePayloadCompressor_Given_IsTheOneThatWritesUnlessAnotherIsNamed()
    {
        using var host = Build([], services => services.AddLarder().UsePayloadCompressor(new Renamed("mine")).UseCompression(o => o.MinimumBytes = 1));
        using var named = Build(new() { ["Larder:Compression:Algorithm"] = "brotli" }, services =>
            services.AddLarder().UsePayloadCompressor(new Renamed("mine")).UseCompression(o => o.MinimumBytes = 1));

        await host.StartAsync(Cancel);
        Assert.True(Packing(host).Pack("key", new byte[500], compress: true).Span.StartsWith("\0larder:pack:zip:mine:"u8));
        Assert.True(Packing(named).Pack("key", new byte[500], compress: true).Span.StartsWith("\0larder:pack:zip:brotli:"u8));
    }

    [Fact]
    public async Task UseEncryption_KeysOfTheConfiguration_AreTaken()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Larder:orders:Encryption:Keys:2026-10"] = Packings.NewKey(),
            ["Larder:orders:Encryption:Keys:2026-11"] = Packings.NewKey(),
            ["Larder:orders:Encryption:CurrentKey"] = "2026-11",
        };
        using var host = Build(settings, services => services.AddLarder("orders").UseEncryption());
        await host.StartAsync(Cancel);

        var packed = Packing(host, "orders").Pack("key", new byte[5], compress: true);

        Assert.True(packed.Span.StartsWith("\0larder:pack:enc:aes-gcm:\u00072026-11"u8));
    }

    [Theory]
    [InlineData("Keys:a", TooShort, "The setting Larder:Encryption:Keys:a was the base64 of 6 bytes; it may be the base64 of 32 bytes.")]
    [InlineData("Keys:a", "secret!!", "The setting Larder:Encryption:Keys:a was no base64; it may be the base64 of 32 bytes.")]
    [InlineData("Keys:a", "", "The setting Larder:Encryption:Keys:a was the base64 of 0 bytes; it may be the base64 of 32 bytes.")]
    [InlineData("CurrentKey", "b", "The setting Larder:Encryption:CurrentKey was 'b'; it may be the id of one of the keys (good), and not set if there is only one.")]
    public async Task UseEncryption_WrongSetting_StartFailsAndSaysWhichAndShowsNoKey(string setting, string value, string message)
    {
        var settings = new Dictionary<string, string?> { ["Larder:Encryption:CurrentKey"] = "good", [$"Larder:Encryption:{setting}"] = value };
        using var host = Build(settings, services => services.AddLarder().UseEncryption(options => options.Keys["good"] = Packings.NewKey()));

        Assert.Equal(message, (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message);
    }

    [Fact]
    public async Task UseEncryption_NoKey_StartFailsAndSaysWhatIsMissing()
    {
        using var host = Build([], services => services.AddLarder().UseEncryption());

        Assert.Equal(
            "The setting Larder:Encryption:Keys was empty; it may be one or more keys, each the base64 of 32 bytes, by their ids.",
            (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message);
    }

    [Fact]
    public async Task UseEncryption_TwoKeysAndNoneCurrent_StartFails()
    {
        using var host = Build([], services => services.AddLarder().UseEncryption(options =>
        {
            options.Keys["a"] = Packings.NewKey();
            options.Keys["b"] = Packings.NewKey();
        }));

        Assert.Equal(
            "The setting Larder:Encryption:CurrentKey was ''; it may be the id of one of the keys (a, b), and not set if there is only one.",
            (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message);
    }

    [Fact]
    public async Task UseEncryption_IdThatCannotBeStored_StartFails()
    {
        using var host = Build([], services => services.AddLarder().UseEncryption(options => options.Keys["an id"] = Packings.NewKey()));

        Assert.Contains(
            "The setting Larder:Encryption:Keys:an id was 'an id'",
            (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message,
            StringComparison.Ordinal);
    }

    private static IHost Build(Dictionary<string, string?> settings, Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        configure(builder.Services);
        return builder.Build();
    }

    private static PayloadPacking Packing(IHost host, string name = "") => host.Services.GetRequiredKeyedService<LarderCache>(name).Node.Packing;

    private sealed class Renamed(string name) : Larder.Payloads.IPayloadCompressor
    {
        private readonly BrotliCompressor _brotli = new();

        public string Name => name;

        public bool TryCompress(ReadOnlySpan<byte> source, Span<byte> target, CompressionLevel level, out int written) =>
            _brotli.TryCompress(source, target, level, out written);

        public System.Buffers.OperationStatus Decompress(ReadOnlySpan<byte> source, Span<byte> target, out int written) =>
            _brotli.Decompress(source, target, out written);
    }
}
