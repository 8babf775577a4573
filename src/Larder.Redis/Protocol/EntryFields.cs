using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>The fields of an entry's hash (<see cref="EntryLayout"/>) as they were read; null is one that is not there.</summary>
internal readonly struct EntryFields
{
    public EntryFields(ReadOnlySpan<HashEntry> hash)
    {
        foreach (var field in hash)
        {
            var value = field.Value;
            switch (((ReadOnlyMemory<byte>)field.Name).Span)
            {
                case var name when name.SequenceEqual("data"u8):
                    Data = value;
                    break;
                case var name when name.SequenceEqual("absexp"u8):
                    AbsoluteExpiration = value;
                    break;
                case var name when name.SequenceEqual("sldexp"u8):
                    SlidingExpiration = value;
                    break;
                case var name when name.SequenceEqual("ver"u8):
                    Version = value;
                    break;
                case var name when name.SequenceEqual("clk"u8):
                    Clock = value;
                    break;
                case var name when name.SequenceEqual("tags"u8):
                    Tags = value;
                    break;
                case var name when name.SequenceEqual("exp"u8):
                    Expiration = value;
                    break;
                case var name when name.SequenceEqual("kept"u8):
                    Kept = value;
                    break;
                case var name when name.SequenceEqual("etag"u8):
                    ETag = value;
                    break;
                case var name when name.SequenceEqual("mod"u8):
                    LastModified = value;
                    break;
            }
        }
    }

    public RedisValue Data { get; }

    public RedisValue AbsoluteExpiration { get; }

    public RedisValue SlidingExpiration { get; }

    public RedisValue Version { get; }

    public RedisValue Clock { get; }

    public RedisValue Tags { get; }

    /// <summary>The expiration of an entry that is kept past it.</summary>
    public RedisValue Expiration { get; }

    /// <summary>How long one that slides is kept past it.</summary>
    public RedisValue Kept { get; }

    public RedisValue ETag { get; }

    public RedisValue LastModified { get; }

    /// <summary>Whether a cache of Larder wrote it, as far as one can see.</summary>
    public bool IsLarders => !Version.IsNull || !Clock.IsNull;

    /// <summary>Whether there are fields that no other program's entry has, nor one without a checksum.</summary>
    public bool HasMore => !Tags.IsNull || !Expiration.IsNull || !Kept.IsNull || !ETag.IsNull || !LastModified.IsNull;
}
