using Larder.Inspection;
using Xunit;

namespace Larder.Tests.Inspection;

public sealed class KeyPatternTests
{
    [Theory]
    [InlineData("*", "a")]
    [InlineData("a*", "a")]
    [InlineData("a*", "abc")]
    [InlineData("*c", "abc")]
    [InlineData("a*c", "ac")]
    [InlineData("a**c", "abc")]
    [InlineData("a?c", "abc")]
    [InlineData("a?c", "a?c")]
    [InlineData("a*b*c", "axbxbxc")]
    [InlineData("*ab", "aab")]
    [InlineData("a*?", "ab")]
    [InlineData("a:*:?:c", "a:b:x:b:c")]
    [InlineData("*a*", "*a*")]
    [InlineData("abc", "abc")]
    [InlineData(@"*a\b", @"xa\b")]
    [InlineData(@"\**", @"\x")]
    [InlineData("[ab]*", "[ab]c")]
    [InlineData("a<\"*", "a<\"b")]
    public void Matches_KeyOfThePattern_True(string pattern, string key) => Assert.True(KeyPattern.Parse(pattern).Matches(key));

    [Theory]
    [InlineData("a*", "ba")]
    [InlineData("a*c", "abcd")]
    [InlineData("a*c", "a")]
    [InlineData("a?", "a")]
    [InlineData("a?", "abc")]
    [InlineData("a*?", "a")]
    [InlineData("a*b*c", "axcxb")]
    [InlineData("a*aa", "aa")]
    [InlineData("abc", "abcd")]
    [InlineData("abc", "ab")]
    [InlineData("A*", "abc")]
    [InlineData("[ab]*", "ac")]
    [InlineData("a<", "ab")]
    public void Matches_KeyOfNoSuchPattern_False(string pattern, string key) => Assert.False(KeyPattern.Parse(pattern).Matches(key));

    [Theory]
    [InlineData("user:*:name", "user:")]
    [InlineData("user:?", "user:")]
    [InlineData("*", "")]
    [InlineData("user", "user", true)]
    public void Parse_AnyPattern_KnowsWhatItsKeysBeginWith(string pattern, string beginning, bool isKey = false)
    {
        var parsed = KeyPattern.Parse(pattern);

        Assert.Equal((beginning, isKey), (parsed.Beginning, parsed.IsKey));
    }

    [Fact]
    public void Matches_ManyStarsAndALongKey_IsDoneAtOnce() =>
        Assert.False(KeyPattern.Parse(string.Concat(Enumerable.Repeat("*a", 500))).Matches(new string('a', 499) + new string('b', 500)));
}
