using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Events;

namespace Larder.Redis.Tests.Documentation;

/// <summary>The pages about coming from other caches: their code compiles, and they say something of everything that the others have.</summary>
public sealed partial class MigrationPageTests
{
    public static TheoryData<string, string> Pages { get; } = new()
    {
        { "from-hybridcache", nameof(FromHybridCacheSamples) },
        { "from-fusioncache", nameof(FromFusionCacheSamples) },
    };

    public static TheoryData<string, string> Members =>
        [.. Named("from-hybridcache", MembersOfHybridCache()), .. Named("from-fusioncache", MembersOfFusionCache())];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_ItsCode_IsThatOfTheSamples(string page, string samples)
    {
        var source = Repository.Read($"test/Larder.Redis.Tests/Documentation/{samples}.cs");
        var regions = Region().Matches(source).Select(region => Unindented(region.Groups["code"].Value)).ToList();
        var fences = Fence().Matches(Repository.Read($"docs/{page}.md")).Select(fence => fence.Groups["code"].Value).ToList();

        Assert.NotEmpty(fences);
        Assert.Equal(regions.Order(StringComparer.Ordinal), fences.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Page_EachMemberOfTheirs_IsNamed(string page, string member) =>
        Assert.True(NamesIn(page).Contains(member), $"docs/{page}.md says nothing of {member}.");

    private static IEnumerable<string> MembersOfHybridCache() =>
    [
        .. Properties(typeof(HybridCacheOptions)),
        .. Properties(typeof(HybridCacheEntryOptions)),
        .. Enum.GetNames<HybridCacheEntryFlags>(),
        .. Methods(typeof(HybridCache)),
        .. Methods(typeof(HybridCacheServiceExtensions)),
        .. Methods(typeof(HybridCacheBuilderExtensions)),
    ];

    private static IEnumerable<string> MembersOfFusionCache() =>
    [
        .. Properties(typeof(FusionCacheOptions)),
        .. Properties(typeof(FusionCacheEntryOptions)),
        .. Properties(typeof(IFusionCache)),
        .. Methods(typeof(IFusionCache)),
        .. Properties(typeof(FusionCacheFactoryExecutionContext<>)),
        .. Methods(typeof(FusionCacheFactoryExecutionContext<>)),
        .. Methods(typeof(IFusionCacheProvider)),
        .. Methods(typeof(FusionCacheBuilderExtMethods)).Where(static name => !Variant().IsMatch(name)),
        .. new[] { typeof(FusionCacheEventsHub), typeof(FusionCacheMemoryEventsHub), typeof(FusionCacheDistributedEventsHub), typeof(FusionCacheBackplaneEventsHub) }
            .SelectMany(static hub => hub.GetEvents()).Select(static happened => happened.Name),
    ];

    private static IEnumerable<string> Properties(Type type) =>
        type.GetProperties().Where(static property => property.GetCustomAttribute<ObsoleteAttribute>() is null).Select(static property => property.Name);

    private static IEnumerable<string> Methods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(static method => !method.IsSpecialName && method.GetCustomAttribute<ObsoleteAttribute>() is null)
            .Select(static method => method.Name);

    private static IEnumerable<(string Page, string Member)> Named(string page, IEnumerable<string> members) =>
        members.Distinct(StringComparer.Ordinal).Select(member => (page, member));

    // What stands in `code`, word by word.
    private static HashSet<string> NamesIn(string page) =>
        [.. Code().Matches(Fence().Replace(Repository.Read($"docs/{page}.md"), "")).SelectMany(static code => Word().Matches(code.Value)).Select(static word => word.Value)];

    private static string Unindented(string code)
    {
        var lines = code.Split('\n');
        var indentation = lines.Where(static line => line.Length > 0).Min(static line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indentation..] : line));
    }

    [GeneratedRegex(@"^ *// docs: (?!end\b)[^\n]*\n(?<code>.*?\n) *// docs: end$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?\n)```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    /// <summary>With…, if it is registered, or without: one row of the page speaks for all of them.</summary>
    [GeneratedRegex("^(TryWith|Without|WithRegistered|WithAllRegistered)")]
    private static partial Regex Variant();
}
