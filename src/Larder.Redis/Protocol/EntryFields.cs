using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RESPite.Messages;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// The fields of an entry's hash (<see cref="EntryLayout"/>) where the client has received them: they end with the reply. Only
/// the value is the reader's, to dispose or to hand on.
/// </summary>
internal readonly ref struct EntryFields
{
    /// <summary>Finds the fields in the answer to HGETALL, which is a map or an array: names and values in turn, in both.</summary>
    public EntryFields(RespReader reply)
    {
        while (reply.TryMoveNext())
        {
            var name = Bytes(reply);
            reply.MoveNext();
            if (name.SequenceEqual("data"u8))
            {
                Data = reply.ReadLease();
                continue;
            }

            var value = Bytes(reply);
            switch (name)
            {
                case var _ when name.SequenceEqual("absexp"u8):
                    AbsoluteExpiration = value;
                    break;
                case var _ when name.SequenceEqual("sldexp"u8):
                    SlidingExpiration = value;
                    break;
                case var _ when name.SequenceEqual("ver"u8):
                    Version = value;
                    break;
                case var _ when name.SequenceEqual("clk"u8):
                    Clock = value;
                    break;
                case var _ when name.SequenceEqual("tags"u8):
                    Tags = value;
                    break;
                case var _ when name.SequenceEqual("exp"u8):
                    Expiration = value;
                    break;
                case var _ when name.SequenceEqual("kept"u8):
                    Kept = value;
                    break;
                case var _ when name.SequenceEqual("etag"u8):
                    ETag = value;
                    break;
                case var _ when name.SequenceEqual("mod"u8):
                    LastModified = value;
                    break;
            }
        }
    }

    /// <summary>Takes the fields of the answer to HMGET with <see cref="AllButData"/>.</summary>
    public EntryFields(ReadOnlySpan<RedisValue> values)
    {
        AbsoluteExpiration = Bytes(values[0]);
        SlidingExpiration = Bytes(values[1]);
        Version = Bytes(values[2]);
        Clock = Bytes(values[3]);
        Tags = Bytes(values[4]);
        Expiration = Bytes(values[5]);
        Kept = Bytes(values[6]);
        ETag = Bytes(values[7]);
        LastModified = Bytes(values[8]);
    }

    /// <summary>The names of all fields but the value's.</summary>
    public static RedisValue[] AllButData { get; } = ["absexp", "sldexp", "ver", "clk", "tags", "exp", "kept", "etag", "mod"];

    /// <summary>The value; <see langword="null"/> if there is none, or it was not read.</summary>
    public Lease<byte>? Data { get; }

    public ReadOnlySpan<byte> AbsoluteExpiration { get; }

    public ReadOnlySpan<byte> SlidingExpiration { get; }

    public ReadOnlySpan<byte> Version { get; }

    public ReadOnlySpan<byte> Clock { get; }

    public ReadOnlySpan<byte> Tags { get; }

    /// <summary>The expiration of an entry that is kept past it.</summary>
    public ReadOnlySpan<byte> Expiration { get; }

    /// <summary>How long one that slides is kept past it.</summary>
    public ReadOnlySpan<byte> Kept { get; }

    public ReadOnlySpan<byte> ETag { get; }

    public ReadOnlySpan<byte> LastModified { get; }

    /// <summary>Whether a cache of Larder wrote it, as far as one can see.</summary>
    public bool IsLarders => IsThere(Version) || IsThere(Clock);

    /// <summary>Whether there are fields that no other program's entry has, nor one without a checksum.</summary>
    public bool HasMore => IsThere(Tags) || IsThere(Expiration) || IsThere(Kept) || IsThere(ETag) || IsThere(LastModified);

    /// <summary>Whether the hash has the field: one that is empty is there.</summary>
    public static bool IsThere(ReadOnlySpan<byte> field) => !Unsafe.IsNullRef(ref MemoryMarshal.GetReference(field));

    private static ReadOnlySpan<byte> Bytes(RedisValue field) =>
        field.IsNull ? default : field.IsNullOrEmpty ? ""u8 : ((ReadOnlyMemory<byte>)field).Span;

    private static ReadOnlySpan<byte> Bytes(scoped in RespReader field) =>
        field.ScalarIsEmpty() ? ""u8
        : field.TryGetSpan(out var bytes) ? bytes
        : field.ReadByteArray();
}
