using CsCheck;
using Larder.Payloads.Packing;
using Xunit;

namespace Larder.Tests.Payloads.Packing;

/// <summary>Whatever the payload, and whatever becomes of it in L2.</summary>
public sealed class PackingPropertyTests
{
    private static readonly AesGcmProtector Protector = Packings.Protector(("a", Packings.NewKey()));

    private static readonly PayloadPacking Plain = Packings.Make();
    private static readonly PayloadPacking Compressing = Packings.Make(Packings.Compressing());
    private static readonly PayloadPacking Encrypting = Packings.Make(null, Protector);
    private static readonly PayloadPacking Both = Packings.Make(Packings.Compressing(), Protector);

    // Random bytes, long runs, and what begins like the cache's own marks.
    private static readonly Gen<byte[]> Payload = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Gen.Select(Gen.Byte.Array[1, 12], Gen.Int[1, 400], (part, times) => Enumerable.Repeat(part, times).SelectMany(static p => p).ToArray()),
        Gen.Select(
            Gen.OneOf("\0larder:pack:", "\0larder:pack:raw:", "\0larder:pack:zip:brotli:", "\0larder:pack:enc:aes-gcm:", "\0larder:null"),
            Gen.Byte.Array[0, 100],
            (mark, rest) => (byte[])[.. System.Text.Encoding.Latin1.GetBytes(mark), .. rest]));

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf(
        Gen.Select(Gen.Double.Unit, Gen.Int[0, 7], (at, bit) => new Func<byte[], byte[]>(bytes => Flip(bytes, at, bit))),
        Gen.Select(Gen.Double.Unit, at => new Func<byte[], byte[]>(bytes => bytes[..(int)(at * bytes.Length)])),
        Gen.Select(Gen.Double.Unit, at => new Func<byte[], byte[]>(bytes => bytes[(int)(at * bytes.Length)..])),
        Gen.Select(Gen.Double.Unit, Gen.Byte.Array[1, 20], (at, more) => new Func<byte[], byte[]>(bytes => Insert(bytes, at, more))),
        Gen.Byte.Array[0, 300].Select(foreign => new Func<byte[], byte[]>(_ => foreign)));

    [Fact]
    public void AnyPayload_PackedAndUnpacked_IsTheSame() => Payload.Sample(payload =>
        Array.TrueForAll([Plain, Compressing, Encrypting, Both], packing => packing.Unpack(packing.Pack(payload))!.SequenceEqual(payload)));

    [Fact]
    public void AnyPayload_PackedWithCompressionAndReadWithout_IsTheSame() =>
        Payload.Sample(payload => Plain.Unpack(Compressing.Pack(payload))!.SequenceEqual(payload));

    [Fact]
    public void AnyPayload_Unencrypted_IsRefusedWhereEncryptionIsOn() =>
        Payload.Sample(payload => Encrypting.Unpack(payload) is null && Both.Unpack(Compressing.Pack(payload)) is null);

    [Fact]
    public void AnyMutation_Encrypted_GivesTheSameValueOrNone() => Gen.Select(Payload, Mutation, Gen.Bool).Sample((payload, mutate, both) =>
    {
        var packing = both ? Both : Encrypting;
        return packing.Unpack(mutate(packing.Pack(payload))) is not { } read || read.SequenceEqual(payload);
    });

    [Fact]
    public void AnyMutation_NotEncrypted_NeverThrows() => Gen.Select(Payload, Mutation, Mutation).Sample((payload, mutate, again) =>
    {
        Compressing.Unpack(again(mutate(Compressing.Pack(payload))));
        Plain.Unpack(again(mutate(payload)));
    });

    [Fact]
    public void AnyMutationOfTheBody_Compressed_GivesTheSameValueOrNone() => Gen.Select(Payload, Mutation).Sample((payload, mutate) =>
    {
        var packed = Compressing.Pack(payload);
        if (!PackFrame.TryRead(packed, out var frame) || frame.Kind != PackKind.Compressed)
        {
            return true;
        }

        byte[] mutated = [.. packed[..^frame.Body.Length], .. mutate(frame.Body.ToArray())];
        return Compressing.Unpack(mutated) is not { } read || read.SequenceEqual(payload);
    });

    private static byte[] Flip(byte[] bytes, double at, int bit)
    {
        byte[] flipped = [.. bytes];
        if (flipped.Length > 0)
        {
            flipped[(int)(at * flipped.Length)] ^= (byte)(1 << bit);
        }

        return flipped;
    }

    private static byte[] Insert(byte[] bytes, double at, byte[] more)
    {
        var index = (int)(at * bytes.Length);
        return [.. bytes[..index], .. more, .. bytes[index..]];
    }
}
