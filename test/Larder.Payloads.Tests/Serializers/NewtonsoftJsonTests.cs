using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;
using Xunit;

namespace Larder.Payloads.Tests.Serializers;

public sealed class NewtonsoftJsonTests
{
    private readonly ServiceCollection _services = new();

    [Fact]
    public void Encode_Object_IsJsonByItsAttributesAndComesBack()
    {
        _services.AddLarder().UseNewtonsoftJson();

        Assert.Equal("""{"full_name":"Ädä"}""", Text(new Renamed { Name = "Ädä" }));
        Assert.Equal("Ädä", Decode<Renamed>(Encode(new Renamed { Name = "Ädä" })).Name);
        Assert.Equal(Person.Ada, Decode<Person>(Encode(Person.Ada)));
    }

    [Fact]
    public void Encode_ValuesOfManyTypes_ComeBack()
    {
        _services.AddLarder().UseNewtonsoftJson();

        AssertComesBack(53);
        AssertComesBack(12_345_678_901L);
        AssertComesBack<int?>(null);
        AssertComesBack(DayOfWeek.Friday);
        AssertComesBack(new DateTimeOffset(2026, 11, 25, 1, 2, 3, TimeSpan.FromHours(5)));
        AssertComesBack(Guid.NewGuid());
        AssertComesBack(1.5m);
        AssertComesBack(("a", 1));
        AssertComesBack(new[] { 1, 2, 3 });
        AssertComesBack(new Dictionary<string, Plain> { ["a"] = new(1) });
        Assert.True(JToken.DeepEquals(JObject.Parse("""{"a":[1]}"""), Decode<JObject>(Encode(JObject.Parse("""{"a":[1]}""")))));
    }

    [Fact]
    public void Encode_LongText_IsEncodedAcrossItsBuffers()
    {
        // Pairs of surrogates lie across the borders of whatever buffer there is.
        _services.AddLarder().UseNewtonsoftJson();
        var text = "x" + string.Concat(Enumerable.Repeat("😀", 10_000));

        Assert.Equal(new Renamed { Name = text }.Name, Decode<Renamed>(Encode(new Renamed { Name = text })).Name);
    }

    [Fact]
    public void Encode_HalfASurrogatePair_Throws()
    {
        _services.AddLarder().UseNewtonsoftJson();

        Assert.ThrowsAny<Exception>(() => Encode(new Renamed { Name = "\uD83D" }));
    }

    [Fact]
    public void Encode_TextBytesAndNull_AreAsBefore()
    {
        _services.AddLarder().UseNewtonsoftJson();

        Assert.Equal("text", Text("text"));
        Assert.Equal([1, 2], Encode<byte[]>([1, 2]));
        Assert.Null(Decode<Person?>(Encode<Person?>(null)));
    }

    [Fact]
    public void UseNewtonsoftJson_SettingsOfTheApp_Count()
    {
        _services.AddLarder().UseNewtonsoftJson(new JsonSerializerSettings { ContractResolver = new CamelCasePropertyNamesContractResolver() });

        Assert.Equal("""{"number":1}""", Text(new Plain(1)));
        Assert.Equal(new Plain(1), Decode<Plain>(Encode(new Plain(1))));
    }

    [Fact]
    public void UseNewtonsoftJson_StaticDefaultSettings_DoNotCount()
    {
        _services.AddLarder().UseNewtonsoftJson();
        JsonConvert.DefaultSettings = static () => new JsonSerializerSettings { ContractResolver = new CamelCasePropertyNamesContractResolver() };
        try
        {
            Assert.Equal("""{"Number":1}""", Text(new Plain(1)));
        }
        finally
        {
            JsonConvert.DefaultSettings = null;
        }
    }

    [Fact]
    public void Decode_TypeNameInThePayload_MakesNothingOfIt()
    {
        _services.AddLarder().UseNewtonsoftJson();

        var value = Decode<object>(Encoding.UTF8.GetBytes($$"""{"$type":"{{typeof(Renamed).AssemblyQualifiedName}}","Name":"x"}"""));

        Assert.IsType<JObject>(value);
    }

    [Fact]
    public void Decode_WhatSystemTextJsonWrote_ReadsItAndTheOtherWayRound()
    {
        _services.AddLarder().UseNewtonsoftJson();
        using var plain = new ServiceCollection().BuildServiceProvider();
        var other = new PayloadSerializers(plain, "").CodecFor<Person>();

        Assert.Equal(Person.Ada, Decode<Person>(other.Encode(Person.Ada).ToArray()));
        Assert.Equal(Person.Ada, other.Decode(Encode(Person.Ada)));
    }

    [Fact]
    public void Decode_EmptyCutOffGoingOnOrBinary_Throws()
    {
        _services.AddLarder().UseNewtonsoftJson();
        var payload = Encode(new Plain(1));

        Assert.ThrowsAny<Exception>(() => Decode<Plain>([.. payload, .. "1"u8]));
        Assert.ThrowsAny<Exception>(() => Decode<Plain>([0xC1, .. payload]));
        Assert.ThrowsAny<Exception>(() => Decode<Plain>([0x91, 1]));
        for (var length = 0; length < payload.Length; length++)
        {
            Assert.ThrowsAny<Exception>(() => Decode<Plain>(payload[..length]));
        }
    }

    [Fact]
    public void Decode_DeepNesting_ThrowsInThePlaceOfOverflowingTheStack()
    {
        _services.AddLarder().UseNewtonsoftJson();

        Assert.ThrowsAny<Exception>(() => Decode<JToken>([.. Enumerable.Repeat((byte)'[', 100_000), .. Enumerable.Repeat((byte)']', 100_000)]));
    }

    [Fact]
    public void CodecFor_NamedCacheHasIt_OthersKeepTheirs()
    {
        _services.AddLarder("orders").UseNewtonsoftJson();

        using var services = _services.BuildServiceProvider();
        var renamed = new Renamed { Name = "x" };
        Assert.Equal("""{"full_name":"x"}""", Encoding.UTF8.GetString(new PayloadSerializers(services, "orders").CodecFor<Renamed>().Encode(renamed).Span));
        Assert.Equal("""{"Name":"x"}""", Encoding.UTF8.GetString(new PayloadSerializers(services, "").CodecFor<Renamed>().Encode(renamed).Span));
    }

    private byte[] Encode<T>(T value)
    {
        using var services = _services.BuildServiceProvider();
        return new PayloadSerializers(services, "").CodecFor<T>().Encode(value).ToArray();
    }

    private T Decode<T>(byte[] payload)
    {
        using var services = _services.BuildServiceProvider();
        return new PayloadSerializers(services, "").CodecFor<T>().Decode(payload);
    }

    private string Text<T>(T value) => Encoding.UTF8.GetString(Encode(value));

    private void AssertComesBack<T>(T value) => Assert.Equal(value, Decode<T>(Encode(value)));

    private sealed class Renamed
    {
        [JsonProperty("full_name")]
        public string? Name { get; set; }
    }
}
