using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Larder.Options;

/// <summary>Reads the section <c>Compression</c> of each cache, once and before what code sets, however often it is set.</summary>
internal sealed class CompressionOptionsBinding(IConfiguration? configuration = null) : IConfigureNamedOptions<CompressionOptions>
{
    public void Configure(string? name, CompressionOptions options) =>
        configuration?.GetSection(SectionName.Of(name, "Compression")).Bind(options);

    public void Configure(CompressionOptions options) => Configure(null, options);
}
