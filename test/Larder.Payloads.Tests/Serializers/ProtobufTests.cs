using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ProtoBuf;
using ProtoBuf.Meta;
using Xunit;

namespace Larder.Payloads.Tests.Serializers;

public sealed class ProtobufTests
{
    private const byte Mark = 0xF8;

    private readonly ServiceCollection _services = new();

    [Fact]
    public void Encode_MarkedType_IsProtocolBuffersBehindMarkAndLengthAndComesBack()
    {
        _services.AddLarder().UseProtobuf();
        var person = new Person("Ada", 36, ["a note"]);

        var payload = Encode(person);

        Assert.Equal([Mark, 15, 0x0A, 3, .. "Ada"u8, 0x10, 36, 0x1A, 6, .. "a note"u8], payload);
        Assert.Equal(person, Decode<Person>(payload));
        Assert.Equal(Person.Ada, Decode<Person>(Encode(Person.Ada)));
    }

    [Fact]
    public void Encode_CollectionsOfMarkedTypes_AreBinaryAndComeBack()
    {
        _services.AddLarder().UseProtobuf();

        AssertComesBack(new[] { Person.Ada, Person.Ada });
        AssertComesBack(new List<Person> { Person.Ada });
        AssertComesBack<IReadOnlyList<Person>>([Person.Ada]);
        AssertComesBack(new Dictionary<string, Person> { ["ada"] = Person.Ada });
        AssertComesBack(new Dictionary<int, Person> { [1] = Person.Ada });
        AssertComesBack(Array.Empty<Person>());
        AssertComesBack(new List<Person>());
    }

    [Fact]
    public void Encode_WhatIsNotMarked_IsJson()
    {
        // protobuf-net would take a record, and number its members by the order of the constructor's parameters.
        _services.AddLarder().UseProtobuf();

        AssertIsJson("""{"Number":1}""", new Plain(1));
        AssertIsJson("""[{"Number":1}]""", new List<Plain> { new(1) });
        AssertIsJson("""{"Item1":1,"Item2":{"Number":1}}""", (1, new Plain(1)));
        AssertIsJson("53", 53);
        AssertIsJson("[[1],[2]]", new[] { new[] { 1 }, new[] { 2 } });
        AssertIsJson("[1,null]", new int?[] { 1, null });
        AssertIsJson("null", (Plain?)null);
    }

    [Fact]
    public void Encode_TypeThatIsAPartOfAMarkedOne_IsJsonBeforeAndAfterThatWasUsed()
    {
        _services.AddLarder().UseProtobuf();
        using var provider = _services.BuildServiceProvider();

        new PayloadSerializers(provider, "").CodecFor<Whole>().Encode(new Whole { Part = new Plain(1) });

        AssertIsJson("""{"Number":1}""", new Plain(1));
    }

    [Fact]
    public void Encode_TextBytesAndNull_AreAsBefore()
    {
        _services.AddLarder().UseProtobuf();

        Assert.Equal("text", Encoding.UTF8.GetString(Encode("text")));
        Assert.Equal([1, 2], Encode<byte[]>([1, 2]));
        Assert.Null(Decode<Person?>(Encode<Person?>(null)));
    }

    [Fact]
    public void UseProtobuf_ModelOfTheApp_ItsTypesAreTaken()
    {
        var model = RuntimeTypeModel.Create();
        model.Add(typeof(Plain), applyDefaultBehaviour: false).Add(1, nameof(Plain.Number)).UseConstructor = false;
        _services.AddLarder().UseProtobuf(model);

        Assert.Equal([Mark, 2, 0x08, 7], Encode(new Plain(7)));
        Assert.Equal(new Plain(7), Decode<Plain>(Encode(new Plain(7))));
        AssertComesBack(new List<Plain> { new(7) });
    }

    [Fact]
    public void Encode_NullInAList_Throws()
    {
        // It would be gone.
        _services.AddLarder().UseProtobuf();

        Assert.ThrowsAny<Exception>(() => Encode(new List<Person?> { null }));
    }

    [Fact]
    public void Decode_WhatOtherSerializersWrote_Throws()
    {
        _services.AddLarder().UseProtobuf();
        byte[][] others =
        [
            "{}"u8.ToArray(), "null"u8.ToArray(), [], [Mark], [0x0A, 3, .. "Ada"u8],
            Encode(Person.Ada, static builder => builder.UseMessagePack()), Encode(Person.Ada, static builder => builder.UseMemoryPack()),
        ];

        Assert.All(others, other => Assert.ThrowsAny<Exception>(() => Decode<Person>(other)));
    }

    [Fact]
    public void Decode_ByAnyOtherSerializer_Throws()
    {
        var payload = Encode(Person.Ada, static builder => builder.UseProtobuf());

        foreach (Action<ILarderBuilder> other in new Action<ILarderBuilder>[] { _ => { }, b => b.UseMessagePack(), b => b.UseMemoryPack(), b => b.UseNewtonsoftJson() })
        {
            var services = new ServiceCollection();
            other(services.AddLarder());
            using var provider = services.BuildServiceProvider();
            Assert.ThrowsAny<Exception>(() => new PayloadSerializers(provider, "").CodecFor<Person>().Decode(payload));
        }
    }

    [Fact]
    public void Decode_CutOffOrGoingOn_Throws()
    {
        // A message that lacks its last member is a whole one to protobuf-net, and so is one with a member more.
        _services.AddLarder().UseProtobuf();
        var payload = Encode(new Person("Ada", 36, ["a note"]));

        Assert.ThrowsAny<Exception>(() => Decode<Person>([.. payload, 0x10, 1]));
        for (var length = 0; length < payload.Length; length++)
        {
            Assert.ThrowsAny<Exception>(() => Decode<Person>(payload[..length]));
        }
    }

    [Fact]
    public void Decode_LengthThatCannotBe_ThrowsAndAllocatesNothingOfTheKind()
    {
        _services.AddLarder().UseProtobuf();
        byte[] text = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1];
        byte[][] bombs =
        [
            [Mark, (byte)text.Length, .. text],
            [Mark, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
        ];

        foreach (var bomb in bombs)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.ThrowsAny<Exception>(() => Decode<Person>(bomb));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
    }

    [Fact]
    public void Decode_DeepNesting_ThrowsInThePlaceOfOverflowingTheStack()
    {
        _services.AddLarder().UseProtobuf();
        byte[] deep = [];
        for (var depth = 0; depth < 20_000; depth++)
        {
            deep = [0x0A, .. Varint(deep.Length), .. deep];
        }

        Assert.ThrowsAny<Exception>(() => Decode<Nested>([Mark, .. Varint(deep.Length), .. deep]));
    }

    [Fact]
    public void CodecFor_NamedCacheHasIt_OthersKeepJson()
    {
        _services.AddLarder("orders").UseProtobuf();

        using var services = _services.BuildServiceProvider();
        Assert.Equal(Mark, new PayloadSerializers(services, "orders").CodecFor<Person>().Encode(Person.Ada).Span[0]);
        Assert.Equal((byte)'{', new PayloadSerializers(services, "").CodecFor<Person>().Encode(Person.Ada).Span[0]);
    }

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    private static byte[] Encode<T>(T value, Action<ILarderBuilder> configure)
    {
        var services = new ServiceCollection();
        configure(services.AddLarder());
        using var provider = services.BuildServiceProvider();
        return new PayloadSerializers(provider, "").CodecFor<T>().Encode(value).ToArray();
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

    private void AssertComesBack<T>(T value)
    {
        var payload = Encode(value);
        Assert.Equal(Mark, payload[0]);
        Assert.Equal(value, Decode<T>(payload));
    }

    private void AssertIsJson<T>(string json, T value) => Assert.Equal(json, Encoding.UTF8.GetString(Encode(value)));

    [ProtoContract]
    public sealed class Nested
    {
        [ProtoMember(1)]
        public Nested? Inner { get; set; }
    }

    [ProtoContract]
    public sealed class Whole
    {
        [ProtoMember(1)]
        public Plain? Part { get; set; }
    }
}
