using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Larder.Redis.Protocol;

/// <summary>
/// The writer's checksum of an entry, over what it gave: the value, and what decides under which key it is served, until when and until
/// which invalidation. XxHash3; the hash of each part is the seed of the next one's.
/// </summary>
internal readonly ref struct EntryChecksum
{
    // Most keys are shorter.
    private const int OnTheStack = 512;

    /// <summary>The key on the server.</summary>
    public required string Key { get; init; }

    /// <summary>The node that wrote it.</summary>
    public required ReadOnlySpan<byte> Writer { get; init; }

    /// <summary>The tag stamp, as text.</summary>
    public required ReadOnlySpan<byte> Stamp { get; init; }

    public ReadOnlySpan<byte> Data { get; init; }

    public ReadOnlySpan<byte> Tags { get; init; }

    public ReadOnlySpan<byte> ETag { get; init; }

    public ReadOnlySpan<byte> LastModified { get; init; }

    /// <summary>For how long it was to be served.</summary>
    public GivenTimes Times { get; init; }

    /// <summary>Of an entry that nobody else writes to.</summary>
    public ulong OfAll()
    {
        // What is long goes first: the seed of a long one is costly.
        var sum = XxHash3.HashToUInt64(Data);
        sum = XxHash3.HashToUInt64(Tags, (long)sum);
        sum = XxHash3.HashToUInt64(ETag, (long)sum);
        sum = XxHash3.HashToUInt64(LastModified, (long)sum);
        Span<byte> times = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(times, Times.Absolute);
        BinaryPrimitives.WriteInt64LittleEndian(times[sizeof(long)..], Times.Sliding);
        return OfOrigin(XxHash3.HashToUInt64(times, (long)sum));
    }

    /// <summary>Of one whose value and times another program may write over in place.</summary>
    public ulong OfOrigin() => OfOrigin(0);

    private ulong OfOrigin(ulong seed)
    {
        var length = Encoding.UTF8.GetMaxByteCount(Key.Length);
        var bytes = length <= OnTheStack ? stackalloc byte[OnTheStack] : new byte[length];
        var sum = XxHash3.HashToUInt64(bytes[..Encoding.UTF8.GetBytes(Key, bytes)], (long)seed);
        sum = XxHash3.HashToUInt64(Writer, (long)sum);
        return XxHash3.HashToUInt64(Stamp, (long)sum);
    }
}

/// <summary>What a writer said of an entry's times.</summary>
/// <param name="Absolute">Its absolute expiration in ms, -1 for none; <see cref="Kept"/> for one that is kept past its expiration.</param>
/// <param name="Sliding">Its sliding expiration in ms, -1 for none.</param>
internal readonly record struct GivenTimes(long Absolute, long Sliding)
{
    /// <summary>Its times change: they are in the seal.</summary>
    public const long Kept = -2;
}
