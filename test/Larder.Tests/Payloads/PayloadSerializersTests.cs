using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Larder.Payloads;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Tests.Payloads;

/// <summary>Which serializer a type gets. Each here writes its own name.</summary>
public sealed class PayloadSerializersTests
{
    private readonly ServiceCollection _services = new();

    [Fact]
    public void CodecFor_NothingRegistered_JsonAndTextAndBytesAsTheyAre()
    {
        Assert.Equal("[1,2]", Written(new List<int> { 1, 2 }));
        Assert.Equal("text", Written("text"));
        Assert.Equal("bytes", Written("bytes"u8.ToArray()));
    }

    [Fact]
    public void CodecFor_SerializerOfTheType_IsTaken()
    {
        _services.AddSingleton<IHybridCacheSerializer<string>>(new Named<string>("mine"));

        Assert.Equal("mine", Written("text"));
    }

    [Fact]
    public void CodecFor_SerializerAndFactory_SerializerIsTaken()
    {
        _services.AddSingleton<IHybridCacheSerializer<Version>>(new Named<Version>("serializer"));
        _services.AddSingleton<IHybridCacheSerializerFactory>(new NamedFactory("factory"));

        Assert.Equal("serializer", Written(new Version(1, 0)));
        Assert.Equal("factory", Written(DateTime.UnixEpoch));
    }

    [Fact]
    public void CodecFor_FactoryThatTakesEverything_TextAndBytesAreLeftAlone()
    {
        _services.AddSingleton<IHybridCacheSerializerFactory>(new NamedFactory("factory"));

        Assert.Equal("text", Written("text"));
        Assert.Equal("bytes", Written("bytes"u8.ToArray()));
    }

    [Fact]
    public void CodecFor_SeveralFactories_LastOneThatTakesTheTypeIsTaken()
    {
        _services.AddSingleton<IHybridCacheSerializerFactory>(new NamedFactory("first"));
        _services.AddSingleton<IHybridCacheSerializerFactory>(new NamedFactory("second"));
        _services.AddSingleton<IHybridCacheSerializerFactory>(new NamedFactory("third", typeof(Version)));

        Assert.Equal("second", Written(DateTime.UnixEpoch));
        Assert.Equal("third", Written(new Version(1, 0)));
    }

    [Fact]
    public void CodecFor_NamedCache_ServicesKeyedByItsNameComeFirst()
    {
        _services.AddSingleton<IHybridCacheSerializer<Version>>(new Named<Version>("everybody's"));
        _services.AddKeyedSingleton<IHybridCacheSerializer<Version>>("orders", new Named<Version>("orders'"));

        Assert.Equal("orders'", Written(new Version(1, 0), "orders"));
        Assert.Equal("everybody's", Written(new Version(1, 0)));
    }

    [Fact]
    public void CodecFor_JsonOptionsKeyedAsHybridCacheKeysThem_AreTaken()
    {
        _services.AddKeyedSingleton<JsonSerializerOptions>(typeof(IHybridCacheSerializer<>), new JsonSerializerOptions(JsonSerializerDefaults.Web));
        _services.AddKeyedSingleton<JsonSerializerOptions>(
            typeof(IHybridCacheSerializer<Two>), new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper });

        Assert.Equal("""{"name":"a"}""", Written(new One("a")));
        Assert.Equal("""{"FULL-NAME":"a"}""", Written(new Two("a")));
    }

    private string Written<T>(T value, string cache = "")
    {
        using var services = _services.BuildServiceProvider();
        return Encoding.UTF8.GetString(new PayloadSerializers(services, cache).CodecFor<T>().Encode(value).Span);
    }

    private sealed record One(string Name);

    private sealed record Two(string FullName);

    private sealed class Named<T>(string name) : IHybridCacheSerializer<T>
    {
        public T Deserialize(ReadOnlySequence<byte> source) => throw new NotSupportedException();

        public void Serialize(T value, IBufferWriter<byte> target) => Encoding.UTF8.GetBytes(name, target);
    }

    private sealed class NamedFactory(string name, Type? only = null) : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
        {
            serializer = only is null || only == typeof(T) ? new Named<T>(name) : null;
            return serializer is not null;
        }
    }
}
