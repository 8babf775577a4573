using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// An entry in Redis: a hash with <c>absexp</c>, <c>sldexp</c> and <c>data</c> as Microsoft's <c>RedisCache</c> lays them
/// out, and <c>ver</c> (server time in microseconds, writer, its message number), <c>clk</c> (tag stamp and checksum),
/// <c>tags</c>; <c>exp</c> of an entry that is kept past its expiration, and <c>kept</c> (for how many ms) of one that
/// slides; <c>etag</c> and <c>mod</c> where the origin has them.
/// </summary>
internal static partial class EntryLayout
{
    /// <summary>The fields of one read.</summary>
    public static readonly RedisValue[] Fields = ["data", "absexp", "sldexp", "ver", "clk", "tags", "exp", "etag", "mod", "kept"];

    private static readonly TimeSpan LongestExpiration = TimeSpan.FromDays(365_000);

    /// <summary>The entry in the fields that were read; <see langword="null"/> if there is none.</summary>
    public static StoreEntry? Parse(ReadOnlySpan<RedisValue> fields, ServerClock clock)
    {
        if (fields[0].IsNull)
        {
            return null;
        }

        var now = clock.NowTicks;
        var version = (string?)fields[3];
        var (stamp, stampText, sum) = Stamp(fields[4]);
        var (deadline, retained, isExpired) = Deadlines(fields[1], fields[6], fields[9], now);
        return new StoreEntry
        {
            Payload = (ReadOnlyMemory<byte>)fields[0],
            ExpiresIn = deadline,
            IsExpired = isExpired,
            RetainedFor = retained,
            SlidingExpiration = Ticks(fields[2]) is { } sliding ? new TimeSpan(sliding) : null,
            Version = version,
            Age = version is null ? null : Age(version, now),
            Stamp = stamp,
            Tags = ParseTags(fields[5], out var areTagsDamaged),
            ETag = fields[7],
            LastModified = LastModified(fields[8]),
            IsDamaged = areTagsDamaged
                || (version is null) != fields[4].IsNull
                || (version is null && HybridCacheFrame.Is(((ReadOnlyMemory<byte>)fields[0]).Span))
                || (sum is not null && sum != Checksum(fields[0], fields[5], stampText, fields[7], fields[8])),
        };
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
        var stamp = Text(write.Stamp);
        return
        [
            data,
            Duration(write.Expiration),
            Duration(write.SlidingExpiration),
            write.IsUnverified ? stamp : string.Create(CultureInfo.InvariantCulture, $"{stamp}:{Checksum(data, tags, stamp, etag, modified):x16}"),
            tags,
            Duration(write.Retention),
            etag,
            modified,
        ];
    }

    // An entry that is kept has its expiration in a field of its own, and its end in absexp or, while it slides, in kept, the
    // time between the two. A '~' in front: it has expired, and is to be served until then all the same.
    private static (TimeSpan? ExpiresIn, TimeSpan? RetainedFor, bool IsExpired) Deadlines(
        RedisValue absolute, RedisValue expiration, RedisValue kept, long now)
    {
        var end = Ticks(absolute) is { } ticks ? new TimeSpan(Math.Max(0, ticks - now)) : (TimeSpan?)null;
        if (expiration.IsNull)
        {
            return (end, null, false);
        }

        var text = (string)expiration!;
        var isThrottled = text.StartsWith('~');
        var expires = Ticks(isThrottled ? text[1..] : text).GetValueOrDefault();
        var left = new TimeSpan(Math.Max(0, expires - now));
        if (Number(kept) is >= 0 and var ms && ms < LongestExpiration.TotalMilliseconds)
        {
            // It slides, and the absolute deadline is farther away.
            end = new TimeSpan(Math.Max(0, expires + (ms * TimeSpan.TicksPerMillisecond) - now));
        }

        return (left, end ?? TimeSpan.MaxValue, isThrottled || left == TimeSpan.Zero);
    }

    private static long? Ticks(RedisValue field) => Number(field) is >= 0 and var ticks && ticks <= DateTime.MaxValue.Ticks ? ticks : null;

    // The library takes a field that is not there for a 0.
    private static long? Number(RedisValue field) => !field.IsNull && field.TryParse(out long number) ? number : null;

    private static string[]? ParseTags(RedisValue field, out bool isDamaged)
    {
        isDamaged = false;
        if (field.IsNull)
        {
            return null;
        }

        try
        {
            var tags = JsonSerializer.Deserialize((string)field!, TagsJson.Default.StringArray);
            isDamaged = tags is null || Array.Exists(tags, static tag => tag is null);
            return isDamaged ? null : tags;
        }
        catch (JsonException)
        {
            isDamaged = true;
            return null;
        }
    }

    private static DateTimeOffset? LastModified(RedisValue field) =>
        Number(field) is >= -62_135_596_800_000 and < 250_000_000_000_000 and var ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    private static string Text(TagStamp stamp) => string.Create(CultureInfo.InvariantCulture, $"{stamp.Generation}:{stamp.Number}");

    // "generation:number" or, with a checksum, "generation:number:hex".
    private static (TagStamp Stamp, string Text, ulong? Checksum) Stamp(RedisValue field)
    {
        var parts = ((string?)field)?.Split(':') ?? [];
        if (parts.Length is not (2 or 3) || parts[0].Length == 0
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return default;
        }

        var stamp = new TagStamp(parts[0], number);
        return parts.Length == 2
            ? (stamp, Text(stamp), null)
            : (stamp, Text(stamp), ulong.TryParse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum) ? sum : 0);
    }

    // Of what decides which value is served, and until which invalidation; each field's hash is the seed of the next one's.
    private static ulong Checksum(RedisValue data, RedisValue tags, RedisValue stamp, RedisValue etag, RedisValue modified)
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
