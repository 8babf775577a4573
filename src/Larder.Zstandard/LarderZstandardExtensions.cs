using Larder;
using Larder.Zstandard;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Compresses what a cache keeps in L2 by Zstandard.</summary>
public static class LarderZstandardExtensions
{
    /// <summary>
    /// Compresses payloads by Zstandard on their way to L2, and reads what others compressed so. Set
    /// <see cref="CompressionOptions.Algorithm"/> to <c>brotli</c> to read it only, until all servers can.
    /// </summary>
    /// <param name="builder">The cache's builder.</param>
    /// <param name="configure">Sets options in code; what it sets counts, whatever the configuration says.</param>
    /// <returns>The builder.</returns>
    public static ILarderBuilder UseZstandard(this ILarderBuilder builder, Action<CompressionOptions>? configure = null) =>
        builder.UsePayloadCompressor(new ZstandardCompressor()).UseCompression(configure);
}
