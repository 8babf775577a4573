using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// An entry in Redis: a hash with <c>absexp</c>, <c>sldexp</c> and <c>data</c> as Microsoft's <c>RedisCache</c> lays them
/// out, and <c>ver</c> (server time in microseconds, writer, its message number), <c>clk</c> (<see cref="ClockField"/>),
/// <c>tags</c>; <c>exp</c> of an entry that is kept past its expiration, and <c>kept</c> (for how many ms) of one that
/// slides; <c>etag</c> and <c>mod</c> where the origin has them.
/// </summary>
internal static partial class EntryLayout
{
    private static readonly TimeSpan LongestExpiration = TimeSpan.FromDays(365_000);

    /// <summary>An entry of which nothing can be read.</summary>
    public static StoreEntry Unreadable { get; } = new() { Payload = default, IsDamaged = true };

    /// <summary>The entry in the fields that were read; <see langword="null"/> if there is none.</summary>
    /// <param name="key">The key on the server.</param>
    /// <param name="fields">What was read.</param>
    /// <param name="clock">The server's time.</param>
    public static StoreEntry? Parse(string key, in EntryFields fields, ServerClock clock) => fields switch
    {
        { Data.IsNull: true } => null,
        { IsLarders: true } => ParseLarders(key, fields, clock.NowTicks),
        _ => ParseOther(fields, clock.NowTicks),
    };

    /// <summary>As <see cref="Parse"/>, of an entry whose value was not read: whether that is damaged is not looked at.</summary>
    public static StoreEntry? ParseHeader(string key, in EntryFields fields, ServerClock clock) =>
        fields.IsLarders ? ParseLarders(key, fields, clock.NowTicks, hasData: false) : ParseOther(fields, clock.NowTicks);

    // What Microsoft's RedisCache wrote, or another program: nothing tells whether it is still what was written.
    private static StoreEntry ParseOther(in EntryFields fields, long now)
    {
        ReadOnlyMemory<byte> data = fields.Data;
        return fields.HasMore || HybridCacheFrame.Is(data.Span) ? Unreadable : new()
        {
            Payload = data,
            ExpiresIn = Left(fields.AbsoluteExpiration, now),
            SlidingExpiration = Sliding(fields.SlidingExpiration),
        };
    }

    private static StoreEntry ParseLarders(string key, in EntryFields fields, long now, bool hasData = true)
    {
        if (!ClockField.TryParse(fields.Clock, out var clock) || !IsIntact(key, fields, clock, hasData) || !TryParseTags(fields.Tags, out var tags))
        {
            return Unreadable;
        }

        var version = (string)fields.Version!;
        var (deadline, retained, isExpired) = Deadlines(fields, now);
        if (clock.Checksum is not null && fields.Expiration.IsNull && deadline == TimeSpan.Zero)
        {
            // Its time to live was changed behind the cache's back.
            (retained, isExpired) = (TimeSpan.Zero, true);
        }

        return new StoreEntry
        {
            Payload = (ReadOnlyMemory<byte>)fields.Data,
            ExpiresIn = deadline,
            IsExpired = isExpired,
            RetainedFor = retained,
            SlidingExpiration = Sliding(fields.SlidingExpiration),
            Version = version,
            Age = Age(version, now),
            Stamp = clock.Stamp,
            Tags = tags,
            ETag = fields.ETag,
            LastModified = LastModified(fields.LastModified),
        };
    }

    // Without a checksum, another program may have written its value and its times over: only the rest has to be as it was.
    private static bool IsIntact(string key, in EntryFields fields, in ClockField clock, bool hasData)
    {
        var unsealed = Seal.Unsealed(fields.Clock);
        return clock.Checksum is { } sum
            ? (!hasData || sum == ChecksumOf(fields.Data, fields.Tags, ClockField.TextOf(clock.Stamp), fields.ETag, fields.LastModified))
                && Seal.Holds(
                    fields.Clock, key, unsealed, fields.Version, fields.AbsoluteExpiration, fields.SlidingExpiration, fields.Expiration, fields.Kept)
            : !fields.HasMore && Seal.Holds(fields.Clock, key, unsealed, fields.Version);
    }

    public static RedisValue Duration(TimeSpan? span) =>
        span is { } given && given < LongestExpiration ? (long)Math.Max(1, given.TotalMilliseconds) : -1;

    /// <summary>What the scripts are told of an entry, after its key.</summary>
    public static RedisValue[] Arguments(in StoreWrite write)
    {
        RedisValue data = write.Payload;
        RedisValue tags = write.Tags is null ? RedisValue.EmptyString : JsonSerializer.Serialize(write.Tags, TagsJson.Default.StringArray);
        RedisValue etag = write.ETag ?? string.Empty;
        RedisValue modified = write.LastModified is { } moment ? moment.ToUnixTimeMilliseconds() : RedisValue.EmptyString;
        ulong? sum = write.IsUnverified ? null : ChecksumOf(data, tags, ClockField.TextOf(write.Stamp), etag, modified);
        return
        [
            data,
            Duration(write.Expiration),
            Duration(write.SlidingExpiration),
            new ClockField(write.Stamp, sum).ToString(),
            tags,
            Duration(write.Retention),
            etag,
            modified,
        ];
    }

    // An entry that is kept has its expiration in a field of its own, and its end in absexp or, while it slides, in kept, the
    // time between the two. A '~' in front: it has expired, and is to be served until then all the same.
    private static (TimeSpan? ExpiresIn, TimeSpan? RetainedFor, bool IsExpired) Deadlines(in EntryFields fields, long now)
    {
        var end = Left(fields.AbsoluteExpiration, now);
        if (fields.Expiration.IsNull)
        {
            return (end, null, false);
        }

        var text = (string)fields.Expiration!;
        var isThrottled = text.StartsWith('~');
        var expires = Ticks(isThrottled ? text[1..] : text).GetValueOrDefault();
        var left = new TimeSpan(Math.Max(0, expires - now));
        if (Number(fields.Kept) is >= 0 and var ms && ms < LongestExpiration.TotalMilliseconds)
        {
            // It slides, and the absolute deadline is farther away.
            end = new TimeSpan(Math.Max(0, expires + (ms * TimeSpan.TicksPerMillisecond) - now));
        }

        return (left, end ?? TimeSpan.MaxValue, isThrottled || left == TimeSpan.Zero);
    }

    private static TimeSpan? Left(RedisValue deadline, long now) => Ticks(deadline) is { } ticks ? new TimeSpan(Math.Max(0, ticks - now)) : null;

    private static TimeSpan? Sliding(RedisValue field) => Ticks(field) is { } ticks ? new TimeSpan(ticks) : null;

    private static long? Ticks(RedisValue field) => Number(field) is >= 0 and var ticks && ticks <= DateTime.MaxValue.Ticks ? ticks : null;

    // The library takes a field that is not there for a 0.
    private static long? Number(RedisValue field) => !field.IsNull && field.TryParse(out long number) ? number : null;

    private static bool TryParseTags(RedisValue field, out string[]? tags)
    {
        tags = null;
        if (field.IsNull)
        {
            return true;
        }

        try
        {
            tags = JsonSerializer.Deserialize((string)field!, TagsJson.Default.StringArray);
            return tags is not null && !Array.Exists(tags, static tag => tag is null);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static DateTimeOffset? LastModified(RedisValue field) =>
        Number(field) is >= -62_135_596_800_000 and < 250_000_000_000_000 and var ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    // Of what decides which value is served, and until which invalidation; each field's hash is the seed of the next one's.
    private static ulong ChecksumOf(RedisValue data, RedisValue tags, RedisValue stamp, RedisValue etag, RedisValue modified)
    {
        ulong sum = 0;
        foreach (var field in (ReadOnlySpan<RedisValue>)[data, tags, stamp, etag, modified])
        {
            sum = XxHash3.HashToUInt64(((ReadOnlyMemory<byte>)field).Span, (long)sum);
        }

        return sum;
    }

    private static TimeSpan? Age(string version, long nowTicks)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(version.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
                && micros < DateTime.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.FromTicks(Math.Max(0, nowTicks - DateTime.UnixEpoch.Ticks - (micros * TimeSpan.TicksPerMicrosecond)))
            : null;
    }

    [JsonSerializable(typeof(string[]))]
    private sealed partial class TagsJson : JsonSerializerContext;
}
