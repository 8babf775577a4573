using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Payloads.Tests.Serializers;

/// <summary>What both binary serializers must do, each in its own class below.</summary>
public abstract class SerializerTests(byte mark)
{
    protected ServiceCollection Services { get; } = new();

    private ILarderBuilder Builder => Services.AddLarder();

    [Fact]
    public void Encode_MarkedType_IsBinaryAndComesBack()
    {
        Use(Builder);

        var payload = Encode(Person.Ada);

        Assert.Equal(mark, payload[0]);
        Assert.Equal(Person.Ada, Decode<Person>(payload));
    }

    [Fact]
    public void Encode_PrimitivesCollectionsAndTuples_AreBinaryAndComeBack()
    {
        Use(Builder);

        AssertComesBack(53);
        AssertComesBack(12_345_678L);
        AssertComesBack<int?>(null);
        AssertComesBack(DayOfWeek.Friday);
        AssertComesBack(DateTimeOffset.UnixEpoch);
        AssertComesBack(Guid.NewGuid());
        AssertComesBack(1.5m);
        AssertComesBack(("a", 1));
        AssertComesBack(Tuple.Create("a", 1));
        AssertComesBack(new[] { 1, 2, 3 });
        AssertComesBack(new List<Person> { Person.Ada });
        AssertComesBack(new Dictionary<string, Person> { ["ada"] = Person.Ada });
        AssertComesBack<IReadOnlyList<string>>(["a", "b"]);
        AssertComesBack(ImmutableArray.Create(1, 2));
    }

    [Fact]
    public void Encode_WhatTheLibraryDoesNotKnow_IsJson()
    {
        Use(Builder);

        AssertIsJson("""{"Number":1}""", new Plain(1));
        AssertIsJson("""[{"Number":1}]""", new List<Plain> { new(1) });
        AssertIsJson("""[{"Number":1}]""", new[] { new Plain(1) });
        AssertIsJson("""{"Item1":1,"Item2":{"Number":1}}""", (1, new Plain(1)));
        AssertIsJson("""{"a":1}""", new Dictionary<string, object> { ["a"] = 1 });
        AssertIsJson("1", (object)1);
    }

    [Fact]
    public void Encode_TextBytesAndNull_AreAsBefore()
    {
        Use(Builder);

        Assert.Equal("text", Encoding.UTF8.GetString(Encode("text")));
        Assert.Equal([1, 2], Encode<byte[]>([1, 2]));
        Assert.Null(Decode<Person?>(Encode<Person?>(null)));
    }

    [Fact]
    public void Decode_WhatOtherSerializersWrote_Throws()
    {
        Use(Builder);

        // Each would be a whole value to a library that does not look for a mark.
        foreach (var json in new[] { "5", "12345678", "null", "[1]", "" })
        {
            Assert.ThrowsAny<Exception>(() => Decode<int>(Encoding.UTF8.GetBytes(json)));
            Assert.ThrowsAny<Exception>(() => Decode<long>(Encoding.UTF8.GetBytes(json)));
            Assert.ThrowsAny<Exception>(() => Decode<Person>(Encoding.UTF8.GetBytes(json)));
        }
    }

    [Fact]
    public void Decode_ByAnyOtherSerializer_Throws()
    {
        Use(Builder);
        var payload = Encode(53);
        using var others = new ServiceCollection().BuildServiceProvider();

        Assert.ThrowsAny<Exception>(() => new PayloadSerializers(others, "").CodecFor<int>().Decode(payload));
        foreach (Func<ILarderBuilder, ILarderBuilder> other in new Func<ILarderBuilder, ILarderBuilder>[] { b => b.UseMessagePack(), b => b.UseMemoryPack() })
        {
            var services = new ServiceCollection();
            other(services.AddLarder());
            using var provider = services.BuildServiceProvider();
            var codec = new PayloadSerializers(provider, "").CodecFor<int>();
            if (!codec.Encode(53).Span.SequenceEqual(payload))
            {
                Assert.ThrowsAny<Exception>(() => codec.Decode(payload));
            }
        }
    }

    [Fact]
    public void Decode_CutOffOrGoingOn_Throws()
    {
        Use(Builder);
        var payload = Encode(Person.Ada);

        Assert.ThrowsAny<Exception>(() => Decode<Person>([.. payload, 0]));
        for (var length = 0; length < payload.Length; length += 7)
        {
            Assert.ThrowsAny<Exception>(() => Decode<Person>(payload[..length]));
        }
    }

    [Fact]
    public void Decode_CountThatCannotBe_ThrowsAndAllocatesNothingOfTheKind()
    {
        Use(Builder);
        byte[][] bombs = [[mark, 0xdd, 0x7f, 0xff, 0xff, 0xff], [mark, 0xff, 0xff, 0xff, 0x7f]];

        foreach (var bomb in bombs)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.ThrowsAny<Exception>(() => Decode<List<long>>(bomb));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
    }

    [Fact]
    public void CodecFor_DefaultCacheHasIt_NamedCachesKeepJson()
    {
        Use(Builder);

        Assert.Equal(mark, Encode(Person.Ada)[0]);
        Assert.Equal((byte)'{', Encode(Person.Ada, cache: "orders")[0]);
    }

    [Fact]
    public void CodecFor_NamedCacheHasIt_OthersKeepJson()
    {
        Use(Services.AddLarder("orders"));

        Assert.Equal(mark, Encode(Person.Ada, cache: "orders")[0]);
        Assert.Equal((byte)'{', Encode(Person.Ada)[0]);
        Assert.Equal((byte)'{', Encode(Person.Ada, cache: "users")[0]);
    }

    protected abstract void Use(ILarderBuilder builder);

    protected byte[] Encode<T>(T value, string cache = "")
    {
        using var services = Services.BuildServiceProvider();
        return new PayloadSerializers(services, cache).CodecFor<T>().Encode(value).ToArray();
    }

    protected T Decode<T>(byte[] payload)
    {
        using var services = Services.BuildServiceProvider();
        return new PayloadSerializers(services, "").CodecFor<T>().Decode(payload);
    }

    private void AssertComesBack<T>(T value)
    {
        var payload = Encode(value);
        Assert.Equal(value is null ? (byte)0 : mark, value is null ? (byte)0 : payload[0]);
        Assert.Equal(value, Decode<T>(payload));
    }

    private void AssertIsJson<T>(string json, T value) => Assert.Equal(json, Encoding.UTF8.GetString(Encode(value)));
}
