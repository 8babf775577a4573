using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Larder.Garnet;
using Larder.Testing;
using Xunit;

namespace Larder.Tests.Documentation;

/// <summary>docs/configuration.md names every option, and the default that it has.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly Dictionary<string, string> Rows = Row().Matches(Repository.Read("docs/configuration.md")).ToDictionary(
        row => row.Groups["option"].Value, row => row.Groups["default"].Value.Replace(",", "", StringComparison.Ordinal), StringComparer.Ordinal);

    public static TheoryData<string, string?> Options => [
        .. Of(new LarderOptions(), ""),
        .. Of(new LarderEntryOptions(), ""),
        .. Of(new CompressionOptions(), ""),
        .. Of(new EncryptionOptions(), ""),
        .. Of(new LarderRedisOptions(), ""),
        .. Of(new EmbeddedGarnetOptions(), ""),
        .. Of(new LarderChaosOptions(), ""),
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public void Page_EachOption_IsThereWithItsDefault(string option, string? value)
    {
        Assert.True(Rows.TryGetValue(option, out var text), $"docs/configuration.md has no row for {option}.");
        if (value is not null)
        {
            Assert.Contains(value, text, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(string Option, string? Default)> Of(object options, string section)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var value = property.GetValue(options);
            var name = section + property.Name;
            if (value is LarderEntryOptions)
            {
                // A section of its own on the page.
                continue;
            }

            if ((value ?? Empty(property.PropertyType)) is LocalOptions or OverflowOptions or LeaseOptions or StoreOptions or FailSafeOptions or FactoryTimeoutOptions)
            {
                foreach (var nested in Of((value ?? Empty(property.PropertyType))!, $"{name}:"))
                {
                    yield return nested;
                }

                continue;
            }

            yield return (name, value switch
            {
                null => null,
                bool flag => flag ? "true" : "false",
                TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
                // The machine's name is no two machines' default, and a share of its memory neither.
                string => null,
                _ when name == "Local:MaximumBytes" => null,
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => null,
            });
        }
    }

    private static object? Empty(Type type) =>
        type == typeof(FailSafeOptions) ? new FailSafeOptions() : type == typeof(FactoryTimeoutOptions) ? new FactoryTimeoutOptions() : null;

    [GeneratedRegex(@"^\| `(?<option>[\w:]+)` \| (?<default>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
