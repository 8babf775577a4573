using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using CsCheck;
using Larder.Payloads.Packing;
using Larder.Zstandard;
using Xunit;

namespace Larder.Payloads.Tests.Zstandard;

public sealed class ZstandardCompressorTests
{
    private static readonly ZstandardCompressor Compressor = new();

    private static readonly PayloadPacking Packing = new(
        new PayloadCompression([Compressor], new CompressionOptions { IsOn = true, MinimumBytes = 1, Algorithm = "zstd" }, maximum: 256 << 20),
        new PayloadEncryption([], acceptUnencrypted: false),
        "");

    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void TryCompress_AnyLevel_ComesBack(CompressionLevel level)
    {
        byte[] payload = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i / 7 % 50))];
        var compressed = new byte[payload.Length];

        Assert.True(Compressor.TryCompress(payload, compressed, level, out var length));

        var restored = new byte[payload.Length];
        Assert.InRange(length, 1, payload.Length / 4);
        Assert.Equal(OperationStatus.Done, Compressor.Decompress(compressed.AsSpan(0, length), restored, out var written));
        Assert.Equal((payload.Length, true), (written, payload.SequenceEqual(restored)));
    }

    [Fact]
    public void TryCompress_DoesNotFit_False() =>
        Assert.False(Compressor.TryCompress(RandomNumberGenerator.GetBytes(1000), new byte[900], CompressionLevel.Fastest, out _));

    [Fact]
    public void Decompress_TargetTooSmall_SaysSo()
    {
        var compressed = Compress(new byte[1000]);

        Assert.Equal(OperationStatus.DestinationTooSmall, Compressor.Decompress(compressed, new byte[999], out _));
    }

    [Fact]
    public void Decompress_SomethingAfterTheEnd_IsInvalid() =>
        Assert.Equal(OperationStatus.InvalidData, Compressor.Decompress([.. Compress(new byte[1000]), 0], new byte[1000], out _));

    [Fact]
    public void Decompress_AfterAFault_TheNextOneWorks()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.NotEqual(OperationStatus.Done, Compressor.Decompress("no zstd at all"u8, new byte[1000], out _));
            Assert.Equal(OperationStatus.Done, Compressor.Decompress(Compress(new byte[1000]), new byte[1000], out _));
        }
    }

    [Fact]
    public void Unpack_PayloadThatShrinksToAlmostNothing_ComesBack()
    {
        var zeros = new byte[20_000_001];

        var packed = Packing.Pack("key", zeros, compress: true);

        Assert.InRange(packed.Length, 1, 10_000);
        Assert.True(Packing.TryUnpack("key", packed, out var payload, out _));
        Assert.True(payload.Span.SequenceEqual(zeros));
    }

    [Fact]
    public void Unpack_FrameThatClaimsAHugeWindowAndLength_AllocatesNoneOfIt()
    {
        // A zstd frame of 256 MiB with a window of as much, and nothing in it.
        byte[] bomb = [.. "\0larder:pack:zip:zstd:"u8, 0, 0, 0, 0x10, 0, 0, 0, 0, 0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0, 0, 0, 0x10, 1, 0, 0];
        var before = (GC.GetAllocatedBytesForCurrentThread(), Environment.WorkingSet);

        Assert.False(Packing.TryUnpack("key", bomb, out _, out var reason));

        Assert.Equal("It was compressed by 'zstd', and is damaged.", reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before.Item1, 0, 4 << 20);
        Assert.InRange(Environment.WorkingSet - before.WorkingSet, long.MinValue, 128 << 20);
    }

    [Fact]
    public void AnyPayload_ThereAndBack_IsTheSame() => Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[1, 200]).Sample((part, times) =>
    {
        byte[] payload = [.. Enumerable.Repeat(part, times).SelectMany(static p => p)];
        return Packing.TryUnpack("key", Packing.Pack("key", payload, compress: true), out var read, out _) && read.Span.SequenceEqual(payload);
    });

    [Fact]
    public void AnyChangedByte_GivesTheSameValueOrNone() => Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[2, 200], Gen.Int[0, 100_000], Gen.Byte).Sample(
        (part, times, at, value) =>
        {
            byte[] payload = [.. Enumerable.Repeat(part, times).SelectMany(static p => p)];
            var packed = Packing.Pack("key", payload, compress: true).ToArray();
            var start = "\0larder:pack:zip:zstd:".Length;
            if (packed.Length == payload.Length)
            {
                return true; // not worth it
            }

            packed[start + (at % (packed.Length - start))] = value;
            return !Packing.TryUnpack("key", packed, out var read, out _) || read.Span.SequenceEqual(payload);
        });

    [Fact]
    public async Task TryCompress_ManyThreadsAtOnce_EachGetsItsOwn() =>
        await Parallel.ForAsync(0, 500, TestContext.Current.CancellationToken, (i, cancel) =>
        {
            byte[] payload = [.. Enumerable.Repeat((byte)i, 1000 + i)];
            Assert.True(Packing.TryUnpack("key", Packing.Pack("key", payload, compress: true), out var read, out _));
            Assert.True(read.Span.SequenceEqual(payload));
            return default;
        });

    private static byte[] Compress(byte[] payload)
    {
        var target = new byte[payload.Length];
        Assert.True(Compressor.TryCompress(payload, target, CompressionLevel.Fastest, out var length));
        return target[..length];
    }
}
