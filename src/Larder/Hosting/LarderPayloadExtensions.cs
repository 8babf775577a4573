using Larder;
using Larder.Options;
using Larder.Payloads;
using Larder.Payloads.Packing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Compresses and encrypts what a cache keeps in L2.</summary>
public static class LarderPayloadExtensions
{
    /// <summary>
    /// Compresses payloads of <see cref="CompressionOptions.MinimumBytes"/> or more on their way to L2. Each entry says how it
    /// was compressed, so that servers with other settings read it.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseCompression(this ILarderBuilder builder, Action<CompressionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddCompression().Configure(options =>
        {
            options.IsOn = true;
            configure?.Invoke(options);
        });
        return builder;
    }

    /// <summary>
    /// Lets the cache read what an algorithm has compressed, and write it if <see cref="UseCompression"/> is called too.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="compressor">The algorithm.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UsePayloadCompressor(this ILarderBuilder builder, IPayloadCompressor compressor)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(compressor);
        builder.Services.AddKeyedSingleton(builder.Name, compressor);
        return builder;
    }

    /// <summary>
    /// Encrypts payloads on their way to L2 by AES-256-GCM, with the keys of the configuration section
    /// <c>Larder:Encryption</c> (<c>Larder:{name}:Encryption</c> for a named cache). What is not encrypted, was changed, or was
    /// written under another key of the store, is not accepted. Keys, tags, sizes and expirations of entries are not hidden.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseEncryption(this ILarderBuilder builder, Action<EncryptionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Name;
        return builder.UsePayloadProtector(
            provider => new AesGcmProtector(provider.GetRequiredService<IOptionsMonitor<EncryptionOptions>>().Get(name)),
            options =>
            {
                options.UsesKeys = true;
                configure?.Invoke(options);
            });
    }

    /// <summary>
    /// Encrypts payloads on their way to L2 as a protector does it. Where several were given to a cache, the last one
    /// encrypts, and all decrypt.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="create">Makes the protector; called once.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UsePayloadProtector(
        this ILarderBuilder builder, Func<IServiceProvider, IPayloadProtector> create, Action<EncryptionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddKeyedSingleton(builder.Name, (provider, _) => create(provider));
        var options = builder.AddEncryption();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder;
    }

    private static OptionsBuilder<CompressionOptions> AddCompression(this ILarderBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<CompressionOptions>, CompressionOptionsBinding>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CompressionOptions>, CompressionOptionsValidator>());
        return builder.Services.AddOptions<CompressionOptions>(builder.Name).ValidateOnStart();
    }

    private static OptionsBuilder<EncryptionOptions> AddEncryption(this ILarderBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<EncryptionOptions>, EncryptionOptionsBinding>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EncryptionOptions>, EncryptionOptionsValidator>());
        return builder.Services.AddOptions<EncryptionOptions>(builder.Name).ValidateOnStart();
    }
}
