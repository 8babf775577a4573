using System.Text;
using System.Text.Json;
using CsCheck;
using Larder.Payloads;
using Xunit;

namespace Larder.Tests.Payloads;

public sealed class PayloadCodecTests
{
    private static readonly PayloadCodec<string?> Text = new(TextSerializer.Instance!);
    private static readonly PayloadCodec<byte[]?> Bytes = new(BytesSerializer.Instance!);

    [Fact]
    public void Encode_Text_IsItsUtf8() => Assert.Equal("grüße"u8.ToArray(), Text.Encode("grüße").ToArray());

    [Fact]
    public void Encode_Object_IsReadableJson() =>
        Assert.Equal("""{"Name":"Zoë & <Ada>","Age":36}""", Encoding.UTF8.GetString(Json<Person>().Encode(new Person("Zoë & <Ada>", 36)).Span));

    [Theory]
    [InlineData("""{"name":"Ada","age":36}""")]
    [InlineData("""{"NAME":"Ada","Age":36,"more":[1]}""")]
    [InlineData(""" { "Name" : "Ada", "Age" : 36 } """)]
    public void Decode_JsonThatAnotherProgramWrote_IsRead(string json) =>
        Assert.Equal(new Person("Ada", 36), Json<Person>().Decode(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"Name":"Ada","Age":36}{""")]
    [InlineData("""{"Name":"Ada","Age":36} 1""")]
    public void Decode_WhatIsNoJsonOfTheType_Throws(string json) =>
        Assert.ThrowsAny<JsonException>(() => Json<Person>().Decode(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Encode_Null_IsKnownFromEveryOtherValue()
    {
        var marker = Bytes.Encode(null).ToArray();

        Assert.Null(Bytes.Decode(marker));
        Assert.Equal(marker, Bytes.Decode(Bytes.Encode(marker)));
        Assert.Equal([.. marker, 1], Bytes.Decode(Bytes.Encode([.. marker, 1]))!);
        Assert.Equal([], Bytes.Decode(Bytes.Encode([]))!);
        Assert.Null(Text.Decode(Text.Encode(null)));
        Assert.Equal("null"u8.ToArray(), Json<Person?>().Encode(null).ToArray());
        Assert.Null(Json<Person?>().Decode("null"u8.ToArray()));
    }

    [Fact]
    public void Encode_HalfASurrogatePair_ThrowsAndTheNextOneWorks()
    {
        Assert.ThrowsAny<ArgumentException>(() => Text.Encode("half \ud83e"));

        Assert.Equal("whole", Text.Decode(Text.Encode("whole")));
    }

    [Fact]
    public void Decode_BytesThatAreNoUtf8_Throws() => Assert.ThrowsAny<ArgumentException>(() => Text.Decode(new byte[] { 0xff, 0xfe }));

    [Fact]
    public void AnyBytes_ThereAndBack_AreTheSame() => Gen.Byte.Array[0, 64].Sample(bytes => Bytes.Decode(Bytes.Encode(bytes))!.SequenceEqual(bytes));

    [Fact]
    public void AnyTuple_ThereAndBack_IsTheSame() => Gen.Select(Gen.String.AlphaNumeric, Gen.Long, Gen.Double[-1e9, 1e9]).Sample(
        tuple => Json<(string, long, double)>().Decode(Json<(string, long, double)>().Encode(tuple)) == tuple);

    private static PayloadCodec<T> Json<T>() => new(new JsonPayloadSerializer<T>(JsonPayload.DefaultOptions));

    private sealed record Person(string Name, int Age);
}
