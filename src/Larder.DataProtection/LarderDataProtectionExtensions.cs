using Larder;
using Larder.DataProtection;
using Microsoft.AspNetCore.DataProtection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Encrypts what a cache keeps in L2 by ASP.NET Core Data Protection.</summary>
public static class LarderDataProtectionExtensions
{
    /// <summary>
    /// Encrypts payloads on their way to L2 by the app's Data Protection (<c>AddDataProtection</c>), which makes, keeps and
    /// rotates the keys. Servers that share the cache must share its key ring and its application name. What is not
    /// encrypted, was changed, or was written for another key or cache, is not accepted.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="configure">
    /// Sets options in code; what it sets counts, whatever the configuration says. Only
    /// <see cref="EncryptionOptions.AcceptUnencrypted"/> matters here.
    /// </param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseDataProtection(this ILarderBuilder builder, Action<EncryptionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Name;
        return builder.UsePayloadProtector(
            provider => new DataProtectionProtector(
                provider.GetService<IDataProtectionProvider>() ?? throw new InvalidOperationException(
                    "UseDataProtection found no IDataProtectionProvider: call services.AddDataProtection(), with a key ring that all servers share."),
                name),
            configure);
    }
}
