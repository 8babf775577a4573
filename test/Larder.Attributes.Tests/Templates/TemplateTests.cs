using System.Reflection;
using CsCheck;
using Larder.Attributes.Templates;
using Xunit;

namespace Larder.Attributes.Tests.Templates;

public sealed class TemplateTests
{
    private static readonly ParameterInfo[] Parameters =
        typeof(TemplateTests).GetMethod(nameof(Method), BindingFlags.Static | BindingFlags.NonPublic)!.GetParameters();

    [Theory]
    [InlineData("users", "users")]
    [InlineData("users:{id}", "users:42")]
    [InlineData("{{x}}:{id}", "{x}:42")]
    [InlineData("{id}:{name}:", "42:a%3Ab%2520ü:")]
    [InlineData("{person.Name}:{person.Age}:{person.Born.Year}", "Ada:36:1815")]
    [InlineData("{missing.Name}", "%null")]
    public void Fill_OfATemplate_HasTheArguments(string template, string text) =>
        Assert.Equal(text, Template.Parse(template, Parameters).Fill([42, "a:b%20ü", new Person("Ada", 36, new DateOnly(1815, 12, 10)), null]));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("users:{id", "the '{' at 6 has no other half")]
    [InlineData("users:id}", "the '}' at 8 has no other half")]
    [InlineData("users:{Id}", "there is no argument 'Id'")]
    [InlineData("users:{}", "there is no argument ''")]
    [InlineData("{person}", "{person} is a Larder.Attributes.Tests.Templates.TemplateTests+Person, which can't stand in a key: name a property of it ({person.Id})")]
    [InlineData("{person.Nick}", "{person.Nick}: Larder.Attributes.Tests.Templates.TemplateTests+Person has no property 'Nick'")]
    [InlineData("{id}{name}", "between {id} and {name} is nothing that tells where the one ends")]
    [InlineData("{id}x-y{name}", "between {id} and {name} is nothing that tells where the one ends")]
    public void Parse_OfWhatIsNone_SaysWhy(string template, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => Template.Parse(template, Parameters)).Message, StringComparison.Ordinal);

    [Fact]
    public void Fill_TwoDifferentLists_TwoDifferentKeys()
    {
        var templates = new[] { "{id}:{name}", "x{id}x:%y{name}z", "{name}-:{id}", "a{name}/" }.Select(text => Template.Parse(text, Parameters)).ToArray();
        var text = Gen.OneOf<string?>(Gen.String[Gen.Char["ab:%/{}x-0123A\u00fc\ud83d"], 0, 4], Gen.Const((string?)null), Gen.Const("null"), Gen.Const("%null"));
        var list = Gen.Select(Gen.Int[-1, 12], text);
        Gen.Select(list, list).Sample((one, other) => templates.All(template =>
        {
            var (a, b) = (template.Fill([one.Item1, one.Item2, null, null]), template.Fill([other.Item1, other.Item2, null, null]));
            var hasId = template.Has(Parameters[0]);
            return (a == b) == (one.Item2 == other.Item2 && (!hasId || one.Item1 == other.Item1));
        }));
    }

    [Fact]
    public void Fill_DatesThatDifferInTheirLastTickOrKind_AreTwo()
    {
        var utc = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        Assert.Equal(3, new object[] { utc, utc.AddTicks(1), DateTime.SpecifyKind(utc, DateTimeKind.Unspecified) }.Select(TextOf).Distinct().Count());
        Assert.NotEqual(TextOf(0.1f + 0.2f), TextOf(0.3000001f));
        Assert.NotEqual(TextOf(double.BitIncrement(1)), TextOf(1.0));
        Assert.Equal("Monday", TextOf(DayOfWeek.Monday));
        Assert.Equal("99", TextOf((DayOfWeek)99));
    }

    private static string TextOf(object value)
    {
        var text = new System.Text.StringBuilder();
        ValueText.Append(text, value);
        return text.ToString();
    }

    private static void Method(int id, string name, Person person, Person? missing) => _ = (id, name, person, missing);

    private sealed record Person(string Name, int Age, DateOnly? Born);
}
