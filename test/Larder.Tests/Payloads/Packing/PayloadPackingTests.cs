using System.Text;
using Larder.Payloads;
using Larder.Payloads.Packing;
using Xunit;

namespace Larder.Tests.Payloads.Packing;

public sealed class PayloadPackingTests
{
    private static readonly byte[] Long = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i}, ")));
    private static readonly byte[] LooksPacked = [.. "\0larder:pack:zip:brotli:"u8, 1, 2, 3];

    [Fact]
    public void Pack_NothingConfigured_IsTheSameMemory()
    {
        ReadOnlyMemory<byte> payload = Long;

        var packed = Packings.Make().Pack("key", payload, compress: true);

        Assert.True(packed.Equals(payload));
        Assert.True(Packings.Make().TryUnpack("key", packed, out var unpacked, out _));
        Assert.True(unpacked.Equals(payload));
    }

    [Fact]
    public void Pack_PayloadThatLooksPacked_ComesBackAsItWas()
    {
        var packed = Packings.Make().Pack(LooksPacked);

        Assert.Equal([.. "\0larder:pack:raw:"u8, .. LooksPacked], packed);
        Assert.Equal(LooksPacked, Packings.Make().Unpack(packed));
        Assert.Equal(packed, Packings.Make().Unpack(Packings.Make().Pack(packed)));
    }

    [Fact]
    public void Pack_Compressing_IsShorterAndNamesTheAlgorithm()
    {
        var packed = Packings.Make(Packings.Compressing()).Pack(Long);

        Assert.True(packed.AsSpan().StartsWith("\0larder:pack:zip:brotli:"u8));
        Assert.InRange(packed.Length, 1, Long.Length / 2);
        Assert.Equal(Long, Packings.Make(Packings.Compressing()).Unpack(packed));
    }

    [Fact]
    public void Unpack_CompressionOff_ReadsWhatOthersCompressed() =>
        Assert.Equal(Long, Packings.Make().Unpack(Packings.Make(Packings.Compressing()).Pack(Long)));

    [Fact]
    public void Pack_CompressionForbiddenByTheCall_IsAsItWas() =>
        Assert.Equal(Long, Packings.Make(Packings.Compressing()).Pack("key", Long, compress: false).ToArray());

    [Fact]
    public void Pack_CompressingAndEncrypting_CompressesFirstAndHidesThatItDid()
    {
        var packing = Packings.Make(Packings.Compressing(), Packings.Protector(("a", Packings.NewKey())));

        var packed = packing.Pack(Long);

        Assert.True(packed.AsSpan().StartsWith("\0larder:pack:enc:aes-gcm:"u8));
        Assert.InRange(packed.Length, 1, Long.Length / 2);
        Assert.Equal(-1, packed.AsSpan().IndexOf("brotli"u8));
        Assert.Equal(Long, packing.Unpack(packed));
    }

    [Fact]
    public void Pack_EncryptingWhatLooksPacked_ComesBackAsItWas()
    {
        var packing = Packings.Make(null, Packings.Protector(("a", Packings.NewKey())));

        Assert.Equal(LooksPacked, packing.Unpack(packing.Pack(LooksPacked)));
        Assert.Equal([], packing.Unpack(packing.Pack([]))!);
    }

    [Fact]
    public void Unpack_EncryptedFrameInsideOne_IsRefused()
    {
        var protector = Packings.Protector(("a", Packings.NewKey()));
        var packing = Packings.Make(null, protector);
        byte[] header = PackFrame.Header(PackKind.Encrypted, protector.Name);
        byte[] twice = [.. header, .. protector.Protect(packing.Pack(Long), "key")];

        Assert.Equal("It is packed in a way that this version does not know.", packing.ReasonOf(twice));
    }

    [Fact]
    public void Unpack_EncryptionOnAndPayloadPlain_IsRefusedUnlessAccepted()
    {
        var protector = Packings.Protector(("a", Packings.NewKey()));
        var compressed = Packings.Make(Packings.Compressing()).Pack(Long);

        Assert.Equal("It is not encrypted, and AcceptUnencrypted is not set.", Packings.Make(null, protector).ReasonOf(Long));
        Assert.Null(Packings.Make(null, protector).Unpack(compressed));
        Assert.Equal(Long, Packings.Make(null, protector, acceptUnencrypted: true).Unpack(Long));
        Assert.Equal(Long, Packings.Make(null, protector, acceptUnencrypted: true).Unpack(compressed));
    }

    [Fact]
    public void Unpack_EncryptedAndNoProtector_SaysSo()
    {
        var packed = Packings.Make(null, Packings.Protector(("a", Packings.NewKey()))).Pack(Long);

        Assert.Equal("It was encrypted by 'aes-gcm', which this cache was not given.", Packings.Make().ReasonOf(packed));
    }

    [Fact]
    public void Unpack_UnknownAlgorithm_NamesItAndTheKnownOnes() => Assert.Equal(
        "It was compressed by 'lz9', which this cache does not know; it knows brotli.",
        Packings.Make().ReasonOf([.. "\0larder:pack:zip:lz9:"u8, 1, 0, 0, 0, 1, 2, 3, 4, 5]));

    [Theory]
    [InlineData("\0larder:pack:")]
    [InlineData("\0larder:pack:zip")]
    [InlineData("\0larder:pack:zip:")]
    [InlineData("\0larder:pack:zip:bro")]
    [InlineData("\0larder:pack:zip::abc")]
    [InlineData("\0larder:pack:zip:a name with spaces:abc")]
    [InlineData("\0larder:pack:zip:a-name-of-more-than-thirty-two-characters:abc")]
    [InlineData("\0larder:pack:later:abc")]
    [InlineData("\0larder:pack::abc")]
    public void Unpack_FrameOfAnotherVersion_IsRefused(string frame) =>
        Assert.Equal("It is packed in a way that this version does not know.", Packings.Make().ReasonOf(Encoding.UTF8.GetBytes(frame)));

    [Fact]
    public void Unpack_ProtectorThatThrows_GivesItsMessage() => Assert.Equal(
        "the key ring is away",
        Packings.Make(null, new Unavailable()).ReasonOf([.. "\0larder:pack:enc:unavailable:"u8, 1]));

    [Fact]
    public void Pack_ProtectorThatThrows_SaysWhat()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Packings.Make(null, new Unavailable()).Pack(Long));

        Assert.Equal("A payload could not be packed for L2. the key ring is away", failure.Message);
    }

    [Fact]
    public void Make_ProtectorWithAnImpossibleName_SaysWhatItMayBe()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Packings.Make(null, new Unavailable { Name = "a:b" }));

        Assert.Contains("was 'a:b'; it may be 1 to 32 ASCII letters", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Unavailable : IPayloadProtector
    {
        public string Name { get; init; } = "unavailable";

        public byte[] Protect(ReadOnlySpan<byte> payload, string key) => throw new NotSupportedException("the key ring is away");

        public byte[] Unprotect(ReadOnlySpan<byte> protectedPayload, string key) => throw new NotSupportedException("the key ring is away");
    }
}
