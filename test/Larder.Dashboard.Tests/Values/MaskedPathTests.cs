using Larder.Dashboard.Values;

namespace Larder.Dashboard.Tests.Values;

public sealed class MaskedPathTests
{
    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("$")]
    [InlineData("email")]
    [InlineData("$email")]
    [InlineData("$.")]
    [InlineData("$..")]
    [InlineData("$...a")]
    [InlineData("$.a.")]
    [InlineData("$.a[")]
    [InlineData("$.a[x]")]
    [InlineData("$.a[-1]")]
    [InlineData("$.a['b]")]
    [InlineData("$.a]b")]
    public void TryParse_WhatIsNoPath_IsFalse(string? path) => Assert.False(MaskedPath.TryParse(path, out _));

    [Theory]
    [InlineData("$.email", "email", true)]
    [InlineData("$.EMail", "email", true)]
    [InlineData("$.email", "user/email", false)]
    [InlineData("$.user.email", "user/email", true)]
    [InlineData("$['user']['e-mail']", "user/e-mail", true)]
    [InlineData("$.users[*].email", "users/3/email", true)]
    [InlineData("$.users[3].email", "users/3/email", true)]
    [InlineData("$.users[3].email", "users/4/email", false)]
    [InlineData("$[0]", "0", true)]
    [InlineData("$.*", "anything", true)]
    [InlineData("$.*", "any/thing", false)]
    [InlineData("$..email", "email", true)]
    [InlineData("$..email", "a/0/b/email", true)]
    [InlineData("$..email", "a/email/b", false)]
    [InlineData("$.a..email", "a/b/email", true)]
    [InlineData("$.a..email", "b/email", false)]
    [InlineData("$..[0]", "a/b/0", true)]
    public void Matches_APlace_SaysWhetherThePathLeadsThere(string path, string place, bool matches)
    {
        Assert.True(MaskedPath.TryParse(path, out var mask));

        JsonStep[] steps = [.. place.Split('/').Select(static step => int.TryParse(step, out var index) ? new JsonStep(null, index) : new JsonStep(step, 0))];

        Assert.Equal(matches, mask.Matches(steps));
    }
}
