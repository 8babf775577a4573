using CsCheck;

namespace Larder.Redis.Tests.Robustness;

/// <summary>What can happen to a field.</summary>
internal enum DamageKind
{
    FlippedBits,
    CutAtTheEnd,
    CutAtTheBeginning,
    Replaced,
    Grown,
    Emptied,
    Deleted,
    AnotherKeys,
}

/// <summary>Something that happened to one field of a stored hash.</summary>
/// <param name="Field">The field; it need not be there.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">Where, from 0 to 1.</param>
/// <param name="Bytes">Foreign bytes; of flipped bits, where they are.</param>
internal sealed record Damage(string Field, DamageKind Kind, double At, byte[] Bytes)
{
    /// <summary>One or several, on some of these fields.</summary>
    public static Gen<Damage[]> Of(params string[] fields) => Gen.Select(
        Gen.OneOf(fields),
        Gen.Enum<DamageKind>(),
        Gen.Double.Unit,
        Gen.OneOf(Gen.Byte.Array[1, 3], Gen.Byte.Array[1, 40], Gen.Char["0123456789abcdef:~-"].Select(static c => (byte)c).Array[1, 24]),
        static (field, kind, at, bytes) => new Damage(field, kind, at, bytes)).Array[1, 4];

    /// <summary>The hash after all of them.</summary>
    /// <param name="damages">What happened.</param>
    /// <param name="hash">What was written.</param>
    /// <param name="anothers">What was written under another key.</param>
    public static Dictionary<string, byte[]> Apply(
        IEnumerable<Damage> damages, IReadOnlyDictionary<string, byte[]> hash, IReadOnlyDictionary<string, byte[]> anothers)
    {
        var damaged = new Dictionary<string, byte[]>(hash, StringComparer.Ordinal);
        foreach (var damage in damages)
        {
            if (damage.Strike(damaged.GetValueOrDefault(damage.Field), anothers.GetValueOrDefault(damage.Field)) is { } bytes)
            {
                damaged[damage.Field] = bytes;
            }
            else
            {
                damaged.Remove(damage.Field);
            }
        }

        return damaged;
    }

    public override string ToString() => $"{Field} {Kind} at {At:0.00} with {Convert.ToHexStringLower(Bytes)}";

    private byte[]? Strike(byte[]? field, byte[]? anothers)
    {
        var at = (int)(At * (field?.Length ?? 0));
        return (Kind, field) switch
        {
            (DamageKind.Replaced, _) => Bytes,
            (DamageKind.Emptied, _) => [],
            (DamageKind.AnotherKeys, _) => anothers,
            (DamageKind.Deleted, _) or (_, null) => null,
            (DamageKind.FlippedBits, _) => Flip(field),
            (DamageKind.CutAtTheEnd, _) => field[..at],
            (DamageKind.CutAtTheBeginning, _) => field[at..],
            _ => [.. field[..at], .. Bytes, .. field[at..]],
        };
    }

    private byte[] Flip(byte[] field)
    {
        byte[] flipped = [.. field];
        foreach (var more in flipped.Length == 0 ? [] : Bytes)
        {
            var bit = ((int)(At * 8 * field.Length) + more) % (8 * field.Length);
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        return flipped;
    }
}
