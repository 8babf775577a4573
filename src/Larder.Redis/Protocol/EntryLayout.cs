using System.Globalization;
using System.Text;
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
    public static StoreEntry? Parse(string key, scoped in EntryFields fields, ServerClock clock)
    {
        if (fields.Data is not { } data)
        {
            return null;
        }

        var entry = fields.IsLarders ? ParseLarders(key, fields, data, clock.NowTicks) : ParseOther(fields, data, clock.NowTicks);
        if (entry.IsDamaged)
        {
            data.Dispose();
        }

        return entry;
    }

    /// <summary>As <see cref="Parse"/>, of an entry whose value was not read: whether that is damaged is not looked at.</summary>
    public static StoreEntry ParseHeader(string key, scoped in EntryFields fields, ServerClock clock) =>
        fields.IsLarders ? ParseLarders(key, fields, null, clock.NowTicks) : ParseOther(fields, null, clock.NowTicks);

    // What Microsoft's RedisCache wrote, or another program: nothing tells whether it is still what was written.
    private static StoreEntry ParseOther(scoped in EntryFields fields, Lease<byte>? data, long now) =>
        fields.HasMore || (data is not null && HybridCacheFrame.Is(data.Span)) ? Unreadable : new()
        {
            Payload = data?.Memory ?? default,
            PayloadOwner = data,
            ExpiresIn = Left(fields.AbsoluteExpiration, now),
            SlidingExpiration = Sliding(fields.SlidingExpiration),
        };

    private static StoreEntry ParseLarders(string key, scoped in EntryFields fields, Lease<byte>? data, long now)
    {
        if (!ClockField.TryParse(fields.Clock, out var clock, out var stampText, out var seal)
            || !VersionField.TryParse(fields.Version, out var version)
            || !IsSealed(fields, version, seal)
            || !IsIntact(key, fields, data, clock, stampText, version)
            || !TryParseTags(fields.Tags, out var tags))
        {
            return Unreadable;
        }

        var (deadline, retained, isExpired) = Deadlines(fields, now);
        if (!clock.IsUnverified && !EntryFields.IsThere(fields.Expiration) && deadline == TimeSpan.Zero)
        {
            // Its time to live was changed behind the cache's back.
            (retained, isExpired) = (TimeSpan.Zero, true);
        }

        return new StoreEntry
        {
            Payload = data?.Memory ?? default,
            PayloadOwner = data,
            ExpiresIn = deadline,
            IsExpired = isExpired,
            RetainedFor = retained,
            SlidingExpiration = Sliding(fields.SlidingExpiration),
            Version = Encoding.UTF8.GetString(fields.Version),
            Age = new TimeSpan(Math.Max(0, now - version.Ticks)),
            Stamp = clock.Stamp,
            Tags = tags,
            ETag = EntryFields.IsThere(fields.ETag) ? Encoding.UTF8.GetString(fields.ETag) : null,
            LastModified = LastModified(fields.LastModified),
        };
    }

    // As seal.lua puts it together.
    private static bool IsSealed(scoped in EntryFields fields, scoped in VersionField version, ReadOnlySpan<byte> seal)
    {
        var isWhole = Take(ref seal, version.Time) && Take(ref seal, ":"u8) && Take(ref seal, version.Number);
        if (EntryFields.IsThere(fields.Expiration))
        {
            isWhole = isWhole
                && Take(ref seal, ":"u8) && Take(ref seal, fields.AbsoluteExpiration)
                && Take(ref seal, ":"u8) && Take(ref seal, fields.Expiration)
                && Take(ref seal, ":"u8) && Take(ref seal, fields.Kept);
        }

        return isWhole && seal.IsEmpty;
    }

    private static bool Take(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        if (!text.StartsWith(part))
        {
            return false;
        }

        text = text[part.Length..];
        return true;
    }

    // Without a checksum of all, another program may have written its value and its times over: only the rest has to be as it was.
    private static bool IsIntact(
        string key, scoped in EntryFields fields, Lease<byte>? data, ClockField clock, ReadOnlySpan<byte> stampText, scoped in VersionField version)
    {
        if (clock.IsUnverified)
        {
            return !fields.HasMore && new EntryChecksum { Key = key, Writer = version.Writer, Stamp = stampText }.OfOrigin() == clock.Checksum;
        }

        return TryGiven(fields, version, out var times) && (data is null || clock.Checksum == new EntryChecksum
        {
            Key = key,
            Writer = version.Writer,
            Stamp = stampText,
            Data = data.Span,
            Tags = fields.Tags,
            ETag = fields.ETag,
            LastModified = fields.LastModified,
            Times = times,
        }.OfAll());
    }

    // What the writer said of the times, out of what the server made of it when it wrote them.
    private static bool TryGiven(scoped in EntryFields fields, scoped in VersionField version, out GivenTimes times)
    {
        var absolute = GivenTimes.Kept;
        var isWhole = TryGiven(fields.SlidingExpiration, 0, out var sliding)
            && (EntryFields.IsThere(fields.Expiration) || TryGiven(fields.AbsoluteExpiration, version.Ticks, out absolute));
        times = new(absolute, sliding);
        return isWhole;
    }

    private static bool TryGiven(ReadOnlySpan<byte> field, long from, out long ms)
    {
        ms = -1;
        if (field.SequenceEqual("-1"u8))
        {
            return true;
        }

        var isWhole = long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks);
        (ms, var rest) = Math.DivRem(ticks - from, TimeSpan.TicksPerMillisecond);
        return isWhole && rest == 0;
    }

    private static long Duration(TimeSpan? span) =>
        span is { } given && given < LongestExpiration ? (long)Math.Max(1, given.TotalMilliseconds) : -1;

    /// <summary>How many arguments <see cref="AddArguments"/> adds.</summary>
    public const int ArgumentCount = 8;

    /// <summary>What the scripts are told of an entry, after its key.</summary>
    /// <param name="key">The key on the server.</param>
    /// <param name="writer">The node's id.</param>
    /// <param name="write">What is written.</param>
    /// <param name="arguments">The place for it.</param>
    public static void AddArguments(string key, ReadOnlySpan<byte> writer, in StoreWrite write, Span<RedisValue> arguments)
    {
        var tags = write.Tags is null ? [] : JsonSerializer.SerializeToUtf8Bytes(write.Tags, TagsJson.Default.StringArray);
        var etag = write.ETag is null ? [] : Encoding.UTF8.GetBytes(write.ETag);
        var modified = write.LastModified is { } moment
            ? Encoding.UTF8.GetBytes(moment.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))
            : [];
        var (absolute, sliding, retention) = (Duration(write.Expiration), Duration(write.SlidingExpiration), Duration(write.Retention));
        var isKept = retention >= 0 && (absolute >= 0 || sliding >= 0);
        var checksum = new EntryChecksum
        {
            Key = key,
            Writer = writer,
            Stamp = Encoding.UTF8.GetBytes(ClockField.TextOf(write.Stamp)),
            Data = write.Payload.Span,
            Tags = tags,
            ETag = etag,
            LastModified = modified,
            Times = new(isKept ? GivenTimes.Kept : absolute, sliding),
        };
        arguments[0] = write.Payload;
        arguments[1] = absolute;
        arguments[2] = sliding;
        arguments[3] = new ClockField(write.Stamp, write.IsUnverified ? checksum.OfOrigin() : checksum.OfAll(), write.IsUnverified).ToString();
        arguments[4] = tags;
        arguments[5] = retention;
        arguments[6] = etag;
        arguments[7] = modified;
    }

    // An entry that is kept has its expiration in a field of its own, and its end in absexp or, while it slides, in kept, the
    // time between the two. A '~' in front: it has expired, and is to be served until then all the same.
    private static (TimeSpan? ExpiresIn, TimeSpan? RetainedFor, bool IsExpired) Deadlines(scoped in EntryFields fields, long now)
    {
        var end = Left(fields.AbsoluteExpiration, now);
        if (!EntryFields.IsThere(fields.Expiration))
        {
            return (end, null, false);
        }

        var isThrottled = fields.Expiration.StartsWith((byte)'~');
        var expires = Ticks(isThrottled ? fields.Expiration[1..] : fields.Expiration).GetValueOrDefault();
        var left = new TimeSpan(Math.Max(0, expires - now));
        if (Number(fields.Kept) is >= 0 and var ms && ms < LongestExpiration.TotalMilliseconds)
        {
            // It slides, and the absolute deadline is farther away.
            end = new TimeSpan(Math.Max(0, expires + (ms * TimeSpan.TicksPerMillisecond) - now));
        }

        return (left, end ?? TimeSpan.MaxValue, isThrottled || left == TimeSpan.Zero);
    }

    private static TimeSpan? Left(ReadOnlySpan<byte> deadline, long now) => Ticks(deadline) is { } ticks ? new TimeSpan(Math.Max(0, ticks - now)) : null;

    private static TimeSpan? Sliding(ReadOnlySpan<byte> field) => Ticks(field) is { } ticks ? new TimeSpan(ticks) : null;

    private static long? Ticks(ReadOnlySpan<byte> field) => Number(field) is >= 0 and var ticks && ticks <= DateTime.MaxValue.Ticks ? ticks : null;

    private static long? Number(ReadOnlySpan<byte> field) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool TryParseTags(ReadOnlySpan<byte> field, out string[]? tags)
    {
        tags = null;
        if (!EntryFields.IsThere(field))
        {
            return true;
        }

        try
        {
            tags = JsonSerializer.Deserialize(field, TagsJson.Default.StringArray);
            return tags is not null && !Array.Exists(tags, static tag => tag is null);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static DateTimeOffset? LastModified(ReadOnlySpan<byte> field) =>
        Number(field) is >= -62_135_596_800_000 and < 250_000_000_000_000 and var ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    [JsonSerializable(typeof(string[]))]
    private sealed partial class TagsJson : JsonSerializerContext;
}
