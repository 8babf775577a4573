using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Larder.Options;

/// <summary>Reads the section <c>Encryption</c> of each cache, once and before what code sets, however often it is set.</summary>
internal sealed class EncryptionOptionsBinding(IConfiguration? configuration = null) : IConfigureNamedOptions<EncryptionOptions>
{
    public void Configure(string? name, EncryptionOptions options) =>
        configuration?.GetSection(SectionName.Of(name, "Encryption")).Bind(options);

    public void Configure(EncryptionOptions options) => Configure(null, options);
}
