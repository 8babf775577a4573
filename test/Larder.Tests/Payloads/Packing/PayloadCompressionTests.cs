using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Larder.Payloads;
using Larder.Payloads.Packing;
using Xunit;

namespace Larder.Tests.Payloads.Packing;

public sealed class PayloadCompressionTests
{
    private const int HeaderLength = 24; // \0larder:pack:zip:brotli:

    private readonly PayloadPacking _packing = Packings.Make(Packings.Compressing());

    [Theory]
    [InlineData(4095, false)]
    [InlineData(4096, true)]
    public void Compress_FromMinimumBytesOn(int length, bool isCompressed)
    {
        var payload = new byte[length];

        Assert.Equal(isCompressed, Packings.Make(Packings.Compressing(minimumBytes: 4096)).Pack(payload).Length < length);
    }

    [Fact]
    public void Compress_NotShorter_IsAsItWas()
    {
        var random = RandomNumberGenerator.GetBytes(5000);

        Assert.Equal(random, _packing.Pack(random));
        Assert.Equal("short"u8.ToArray(), _packing.Pack("short"u8.ToArray()));
    }

    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Compress_AnyLevel_ComesBack(CompressionLevel level)
    {
        var options = Packings.Compressing();
        options.Level = level;
        byte[] payload = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i / 7 % 50))];

        var packed = Packings.Make(options).Pack(payload);

        Assert.InRange(packed.Length, 1, payload.Length / 4);
        Assert.Equal(payload, _packing.Unpack(packed));
    }

    [Fact]
    public void Compress_PayloadThatShrinksToAlmostNothing_ComesBack()
    {
        // More than what is given to a payload on the word of its header.
        var packing = new PayloadPacking(
            new PayloadCompression([new BrotliCompressor()], Packings.Compressing(), maximum: 64 << 20), new PayloadEncryption([], false), "");
        var zeros = new byte[20_000_001];

        var packed = packing.Pack(zeros);

        Assert.InRange(packed.Length, 1, 10_000);
        Assert.Equal(zeros, packing.Unpack(packed));
    }

    [Fact]
    public void Compress_LongerThanWhatMayBeRestored_IsAsItWas() =>
        Assert.Equal((1 << 20) + 1, _packing.Pack(new byte[(1 << 20) + 1]).Length);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((1 << 20) + 1)]
    [InlineData(int.MaxValue)]
    public void Decompress_LengthThatCannotBe_IsRefused(int length) =>
        Assert.Equal(
            $"It was compressed, and says that it has {length} bytes; it may have from 1 to {1 << 20}.",
            _packing.ReasonOf(WithLength(_packing.Pack(new byte[1000]), length)));

    [Theory]
    [InlineData(999)]
    [InlineData(1001)]
    [InlineData(1 << 20)]
    public void Decompress_LengthThatIsNotTrue_IsRefused(int length) =>
        Assert.Equal("It was compressed by 'brotli', and is damaged.", _packing.ReasonOf(WithLength(_packing.Pack(new byte[1000]), length)));

    [Fact]
    public void Decompress_HeaderThatClaimsAHugeLength_AllocatesNoMoreThanThereIs()
    {
        const int Huge = 256 << 20;
        var packing = new PayloadPacking(
            new PayloadCompression([new BrotliCompressor()], Packings.Compressing(), maximum: Huge), new PayloadEncryption([], false), "");
        var bomb = WithLength(_packing.Pack(new byte[1000]), Huge);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var reason = packing.ReasonOf(bomb);

        Assert.Equal("It was compressed by 'brotli', and is damaged.", reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Decompress_SomethingAfterTheEnd_IsRefused() => Assert.NotNull(_packing.ReasonOf([.. _packing.Pack(new byte[1000]), 0]));

    [Fact]
    public void Decompress_EachTruncation_IsRefusedOrForeign()
    {
        var packed = _packing.Pack(new byte[1000]);
        for (var length = HeaderLength; length < packed.Length; length++)
        {
            Assert.NotNull(_packing.ReasonOf(packed[..length]));
        }
    }

    [Fact]
    public void Decompress_ContentThatDiffersInOneByte_IsRefused()
    {
        // A stream that is whole in itself, with the facts of another.
        var packed = _packing.Pack(new byte[1000]);
        var other = _packing.Pack([1, .. new byte[999]]);

        Assert.Equal(
            "It was compressed by 'brotli', and is damaged.",
            _packing.ReasonOf([.. packed[..(HeaderLength + 8)], .. other[(HeaderLength + 8)..]]));
    }

    [Fact]
    public void Decompress_CompressorThatThrows_IsRefused()
    {
        var packing = new PayloadPacking(
            new PayloadCompression([new Throwing()], new CompressionOptions(), maximum: 1 << 20), new PayloadEncryption([], false), "");

        Assert.Equal("never heard of it", packing.ReasonOf([.. "\0larder:pack:zip:throwing:"u8, 1, 0, 0, 0, 0, 0, 0, 0, 1]));
    }

    private static byte[] WithLength(byte[] packed, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(HeaderLength), length);
        return packed;
    }

    private sealed class Throwing : IPayloadCompressor
    {
        public string Name => "throwing";

        public bool TryCompress(ReadOnlySpan<byte> source, Span<byte> target, CompressionLevel level, out int written) =>
            throw new NotSupportedException();

        public OperationStatus Decompress(ReadOnlySpan<byte> source, Span<byte> target, out int written) =>
            throw new NotSupportedException("never heard of it");
    }
}
