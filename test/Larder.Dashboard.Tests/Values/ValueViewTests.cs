using System.Text;
using System.Text.Json;
using Larder.Dashboard.Api;
using Larder.Dashboard.Values;
using Larder.Inspection;

namespace Larder.Dashboard.Tests.Values;

public sealed class ValueViewTests
{
    [Fact]
    public void Of_Json_IsIndentedAndKeepsItsNumbers()
    {
        var shown = Show("""{"a":[1.00,12345678901234567890123],"b":"é<b>"}""");

        Assert.Equal(Dashboard.Api.ValueKind.Json, shown.Kind);
        Assert.Equal("{\n  \"a\": [\n    1.00,\n    12345678901234567890123\n  ],\n  \"b\": \"é<b>\"\n}", shown.Text);
        Assert.False(shown.IsCut);
    }

    [Fact]
    public void Of_MaskedPaths_AreMaskedWhateverIsThere()
    {
        var shown = Show(
            """{"email":"a@b.example","users":[{"phone":{"home":"555"},"name":"Ann"},{"phone":["556"]}],"deep":{"password":1}}""",
            "$.email", "$.users[*].phone", "$..password");

        Assert.True(shown.IsMasked);
        var json = JsonDocument.Parse(shown.Text!).RootElement;
        Assert.Equal("***", json.GetProperty("email").GetString());
        Assert.Equal("***", json.GetProperty("users")[0].GetProperty("phone").GetString());
        Assert.Equal("Ann", json.GetProperty("users")[0].GetProperty("name").GetString());
        Assert.Equal("***", json.GetProperty("users")[1].GetProperty("phone").GetString());
        Assert.Equal("***", json.GetProperty("deep").GetProperty("password").GetString());
    }

    [Theory]
    [InlineData("""{"secret":"THE-SECRET",""")]
    [InlineData("""{"a":{"secret":"THE-SECRET"}} and more""")]
    [InlineData("secret=THE-SECRET")]
    public void Of_MasksAndNoJson_IsNotShown(string text)
    {
        var shown = Show(text, "$..secret");

        Assert.Equal(Dashboard.Api.ValueKind.None, shown.Kind);
        Assert.Null(shown.Text);
        Assert.NotNull(shown.Note);
    }

    [Fact]
    public void Of_JsonThatIsCutWithinAMaskedPart_ShowsNothingOfIt()
    {
        var big = $$"""{"name":"Ann","secret":["{{new string('x', 5000)}}","THE-SECRET"],"rest":1}""";

        var shown = Show(big, options => options.MaximumValueBytes = 1024, "$.secret");

        Assert.True(shown.IsCut);
        Assert.Contains("Ann", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("THE-SECRET", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LargeJson_ShowsItsBeginning()
    {
        var shown = Show($"[{string.Join(',', Enumerable.Range(0, 100_000))}]", static options => options.MaximumValueBytes = 1024);

        Assert.Equal(Dashboard.Api.ValueKind.Json, shown.Kind);
        Assert.True(shown.IsCut);
        Assert.StartsWith("[\n  0,\n  1,", shown.Text, StringComparison.Ordinal);
        Assert.InRange(shown.Text!.Length, 500, 5000);
    }

    [Fact]
    public void Of_JsonNestedDeeply_IsBoundedToo()
    {
        var deep = new string('[', 60) + string.Join(',', Enumerable.Repeat("1", 100_000)) + new string(']', 60);

        var shown = Show(deep);

        Assert.True(shown.IsCut);
        Assert.InRange(shown.Text!.Length, 1, 5 * deep.Length);
    }

    [Fact]
    public void Of_TextCutWithinACharacter_EndsBeforeIt()
    {
        var shown = Show(new string('a', 1023) + "é", static options => options.MaximumValueBytes = 1024);

        Assert.Equal(Dashboard.Api.ValueKind.Text, shown.Kind);
        Assert.Equal(new string('a', 1023), shown.Text);
        Assert.True(shown.IsCut);
    }

    [Fact]
    public void Of_OtherBytes_IsAHexDump()
    {
        var shown = View().Of("k", Stored([0, 1, 0xff, (byte)'A', (byte)'<'], Inspection.ValueKind.Binary));

        Assert.Equal(Dashboard.Api.ValueKind.Bytes, shown.Kind);
        Assert.Equal($"00000000  00 01 ff 41 3c {new string(' ', 33)} ...A<\n", shown.Text);
    }

    [Fact]
    public void Of_NotReadable_SaysWhy()
    {
        var shown = View().Of("k", new StoredValue { Level = CacheLevel.L2, Bytes = 7, Problem = "It was encrypted." });

        Assert.Equal("It was encrypted.", shown.Note);
        Assert.Equal(7, shown.StoredSize);
        Assert.Null(shown.Size);
    }

    [Fact]
    public void Of_Redactor_HasTheLastWord()
    {
        var view = View(static options => options.ValueRedactor = static (key, text) => $"{key}:{text.Length}");

        var shown = view.Of("k", Stored("hello"u8.ToArray(), Inspection.ValueKind.Text));

        Assert.Equal("k:5", shown.Text);
        Assert.True(shown.IsMasked);
    }

    [Fact]
    public void Of_RedactorThrows_NothingIsShown()
    {
        var view = View(static options => options.ValueRedactor = static (_, _) => throw new InvalidOperationException("hello"));

        var shown = view.Of("k", Stored("hello"u8.ToArray(), Inspection.ValueKind.Text));

        Assert.Null(shown.Text);
        Assert.Equal(Dashboard.Api.ValueKind.None, shown.Kind);
        Assert.DoesNotContain("hello", shown.Note, StringComparison.Ordinal);
    }

    private static KeyValue Show(string text, params string[] masks) => Show(text, static _ => { }, masks);

    private static KeyValue Show(string text, Action<LarderDashboardOptions> configure, params string[] masks)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var view = View(options =>
        {
            configure(options);
            foreach (var mask in masks)
            {
                options.MaskedPaths.Add(mask);
            }
        });
        return view.Of("k", Stored(bytes, IsJson(text) ? Inspection.ValueKind.Json : Inspection.ValueKind.Text));
    }

    private static ValueView View(Action<LarderDashboardOptions>? configure = null)
    {
        var options = new LarderDashboardOptions();
        configure?.Invoke(options);
        return new ValueView(options);
    }

    private static StoredValue Stored(byte[] payload, Inspection.ValueKind kind) =>
        new() { Level = CacheLevel.L2, Bytes = payload.Length, Payload = payload, Kind = kind };

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
