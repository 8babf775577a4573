using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Larder.Local;

/// <summary>
/// The hash of a key, other in each process: a string's own costs half of a hit. Eight bytes a step, each multiplied by a
/// secret and folded (the step of wyhash, which Go's maps use for strings): who doesn't know the secret can't choose keys
/// that collide.
/// </summary>
internal static class KeyHash
{
    private static readonly ulong Seed = Random64();
    private static readonly ulong Secret = Random64() | 1;

    public static ulong Of(ReadOnlySpan<char> key)
    {
        var bytes = MemoryMarshal.AsBytes(key);
        var hash = Seed ^ (ulong)bytes.Length;
        if (bytes.Length < sizeof(ulong))
        {
            var all = 0UL;
            foreach (var character in key)
            {
                all = (all << 16) | character;
            }

            return Finish(hash ^ all);
        }

        // The last step may overlap the one before it: the length is in the hash.
        var last = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]);
        for (; bytes.Length > sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), Secret);
        }

        return Finish(hash ^ last);
    }

    private static ulong Random64() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    // A secret may be a poor multiplier for keys that differ in a few bits; the golden ratio is none.
    private static ulong Finish(ulong value) => Fold(Fold(value, Secret), 0x9E37_79B9_7F4A_7C15);

    private static ulong Fold(ulong value, ulong multiplier)
    {
        var high = Math.BigMul(value, multiplier, out var low);
        return high ^ low;
    }
}
