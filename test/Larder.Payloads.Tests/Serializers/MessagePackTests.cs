using MessagePack;
using MessagePack.Resolvers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Larder.Payloads.Tests.Serializers;

public sealed class MessagePackTests() : SerializerTests(mark: 0x91)
{
    [Fact]
    public void Encode_AnyValue_IsMessagePackOfAnArrayOfIt()
    {
        Use(Services.AddLarder());

        Assert.Equal("""[["Ada",36,["a note"]]]""", MessagePackSerializer.ConvertToJson(Encode(new Person("Ada", 36, ["a note"])), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Encode_TypeThatIsMarkedWrongly_SaysWhatIsWrong()
    {
        Use(Services.AddLarder());

        var failure = Assert.Throws<InvalidOperationException>(() => Encode(new WithoutKeys()));

        Assert.Contains(nameof(WithoutKeys), failure.Message, StringComparison.Ordinal);
        Assert.Contains("KeyAttribute", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UseMessagePack_ResolverOfTheApp_DecidesWhichTypesAreTaken()
    {
        Services.AddLarder().UseMessagePack(ContractlessStandardResolver.Options);

        Assert.Equal(0x91, Encode(new Plain(1))[0]);
        Assert.Equal(new Plain(1), Decode<Plain>(Encode(new Plain(1))));
    }

    [Fact]
    public void Decode_DeepNesting_ThrowsInThePlaceOfOverflowingTheStack()
    {
        // UntrustedData refuses depths that would overflow the stack.
        Use(Services.AddLarder());
        byte[] deep = [0x91, .. Enumerable.Repeat((byte)0x91, 100_000), 0x01];

        Assert.ThrowsAny<Exception>(() => Decode<Nested>(deep));
    }

    protected override void Use(ILarderBuilder builder) => builder.UseMessagePack();

    [MessagePackObject]
    public sealed class WithoutKeys
    {
        public int Number { get; set; }
    }

    [MessagePackObject]
    public sealed class Nested
    {
        [Key(0)]
        public Nested? Inner { get; set; }
    }
}
