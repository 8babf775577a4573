using System.IO.Compression;
using Larder.Payloads.Packing;
using Microsoft.Extensions.Options;

namespace Larder.Options;

/// <summary>Checks how payloads are to be compressed.</summary>
internal sealed class CompressionOptionsValidator(IServiceProvider services) : IValidateOptions<CompressionOptions>
{
    public ValidateOptionsResult Validate(string? name, CompressionOptions options)
    {
        var settings = new SettingChecks(SectionName.Of(name, "Compression"));
        settings.Range(nameof(options.MinimumBytes), options.MinimumBytes, 1, int.MaxValue);
        settings.True(
            nameof(options.Level),
            options.Level.ToString(),
            options.Level != CompressionLevel.NoCompression && Enum.IsDefined(options.Level),
            "Optimal, Fastest or SmallestSize");
        string[] known = [.. PayloadPacking.Compressors(services, name).Select(static compressor => compressor.Name)];
        settings.True(
            nameof(options.Algorithm),
            options.Algorithm,
            options.Algorithm is null || known.Contains(options.Algorithm, StringComparer.Ordinal),
            $"one of those that the cache was given ({string.Join(", ", known.Distinct())}), or not set");
        return settings.Result;
    }
}
