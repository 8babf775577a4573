using System.Text.RegularExpressions;
using Larder.Testing;
using Xunit;

namespace Larder.Tests.Documentation;

/// <summary>What docs/comparison.md says of Larder is shown by tests that are there.</summary>
public sealed partial class ComparisonPageTests
{
    private static readonly string Page = Repository.Read("docs/comparison.md");

    public static TheoryData<string, string, string> NamedTests =>
        [.. Link().Matches(Page).Select(link => (link.Groups["class"].Value, link.Groups["method"].Value, link.Groups["path"].Value)).Distinct()];

    public static TheoryData<string, string> Features =>
        [.. Feature().Matches(Page).Select(row => (row.Groups["feature"].Value, row.Groups["larder"].Value))];

    [Theory]
    [MemberData(nameof(NamedTests))]
    public void Page_EachTestItNames_IsThere(string type, string method, string path)
    {
        var source = Repository.Read(Path.Combine("docs", path));

        Assert.Matches($@"\bclass {type}\b", source);
        Assert.Matches($@"\[\w*(Fact|Theory)\b[^\n]*\]\s*(\[[^\n]*\]\s*)*public (async )?\w+ {method}\(", source);
    }

    [Theory]
    [MemberData(nameof(Features))]
    public void Page_EachFeature_NamesATestOrIsNotThere(string feature, string larder) =>
        Assert.True(larder.StartsWith("no", StringComparison.Ordinal) != Link().IsMatch(larder), $"{feature}: {larder}");

    /// <summary>[`Class.Method`](../path)</summary>
    [GeneratedRegex(@"\[`(?<class>\w+)\.(?<method>\w+)`\]\((?<path>[^)]+)\)")]
    private static partial Regex Link();

    /// <summary>A row of one of the tables with six columns, without their heads.</summary>
    [GeneratedRegex(@"^\| (?<feature>[^|]*[^| -][^|]*) \| (?<larder>[^|]+) (\|[^|\n]+){4}\|$", RegexOptions.Multiline)]
    private static partial Regex Feature();
}
