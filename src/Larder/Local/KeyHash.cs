using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Larder.Local;

/// <summary>
/// The hash of a key, other in each process: a string's own costs half of a hit. Sixteen bytes a step, one half of them
/// multiplied by the other, both mixed with what is secret, and folded (the step of wyhash, which Go's maps use for strings):
/// who doesn't know the secrets can't choose keys that collide.
/// </summary>
internal static class KeyHash
{
    private const nuint Word = sizeof(ulong);
    private const nuint Step = 2 * Word;

    private static readonly ulong Seed = Random64();
    private static readonly ulong LastSeed = Random64();
    private static readonly ulong Secret = Random64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ReadOnlySpan<char> key)
    {
        ref var bytes = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(key));
        var length = (nuint)key.Length * sizeof(char);
        if (length < Word)
        {
            var all = 0UL;
            foreach (var character in key)
            {
                all = (all << 16) | character;
            }

            return Finish(Fold(all ^ Secret, Seed), length);
        }

        // The words of the last step may overlap those before them, and each other: the length is in the hash. It does not
        // wait for the steps before it.
        var hash = Seed;
        var last = length - Word;
        nuint at = 0;
        for (; at + Word < last; at += Step)
        {
            hash = Fold(WordAt(ref bytes, at) ^ Secret, WordAt(ref bytes, at + Word) ^ hash);
        }

        return Finish(hash ^ Fold(WordAt(ref bytes, Math.Min(at, last)) ^ Secret, WordAt(ref bytes, last) ^ LastSeed), length);
    }

    private static ulong Random64() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private static ulong WordAt(ref byte bytes, nuint at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, at));

    // Keys that differ in a few bits, folded once, still differ in some bits more often than in others.
    private static ulong Finish(ulong hash, nuint length) => Fold(hash ^ length, 0x9E37_79B9_7F4A_7C15);

    // The low half by a multiplication of its own: BigMul hands it out through memory, which takes longer.
    private static ulong Fold(ulong value, ulong multiplier) => Math.BigMul(value, multiplier, out _) ^ (value * multiplier);
}
