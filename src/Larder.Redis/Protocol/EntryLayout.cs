using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// An entry in Redis: a hash with <c>absexp</c>, <c>sldexp</c> and <c>data</c> as Microsoft's <c>RedisCache</c> lays them
/// out, and <c>ver</c> (server time in microseconds, writer, its message number), <c>clk</c> (tag stamp) and <c>tags</c>.
/// </summary>
internal static partial class EntryLayout
{
    /// <summary>The fields of one read.</summary>
    public static readonly RedisValue[] Fields = ["data", "absexp", "sldexp", "ver", "clk", "tags"];

    private static readonly TimeSpan LongestExpiration = TimeSpan.FromDays(365_000);

    /// <summary>The entry in the fields that were read; <see langword="null"/> if there is none.</summary>
    public static StoreEntry? Parse(RedisValue[] fields, ServerClock clock)
    {
        if (fields[0].IsNull)
        {
            return null;
        }

        var now = clock.NowTicks;
        var absolute = Ticks(fields[1]);
        var sliding = Ticks(fields[2]);
        var version = (string?)fields[3];
        return new StoreEntry
        {
            Payload = (ReadOnlyMemory<byte>)fields[0],
            ExpiresIn = absolute is { } deadline ? TimeSpan.FromTicks(Math.Max(0, deadline - now)) : null,
            SlidingExpiration = sliding is { } ticks ? TimeSpan.FromTicks(ticks) : null,
            Version = version,
            Age = version is null ? null : Age(version, now),
            Stamp = Stamp(fields[4]),
            Tags = fields[5].IsNull ? null : JsonSerializer.Deserialize((string)fields[5]!, TagsJson.Default.StringArray),
        };
    }

    public static RedisValue Expiration(TimeSpan? span) =>
        span is { } given && given < LongestExpiration ? (long)Math.Max(1, given.TotalMilliseconds) : -1;

    public static RedisValue Tags(string[]? tags) =>
        tags is null ? RedisValue.EmptyString : JsonSerializer.Serialize(tags, TagsJson.Default.StringArray);

    public static RedisValue Stamp(TagStamp stamp) => string.Create(CultureInfo.InvariantCulture, $"{stamp.Generation}:{stamp.Number}");

    private static long? Ticks(RedisValue field) => field.TryParse(out long ticks) && ticks >= 0 ? ticks : null;

    private static TagStamp Stamp(RedisValue field)
    {
        var text = (string?)field;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon > 0 && long.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var number)
            ? new TagStamp(text![..colon], number)
            : default;
    }

    private static TimeSpan? Age(string version, long nowTicks)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(version.AsSpan(0, colon), CultureInfo.InvariantCulture, out var micros)
            ? TimeSpan.FromTicks(Math.Max(0, nowTicks - DateTime.UnixEpoch.Ticks - (micros * TimeSpan.TicksPerMicrosecond)))
            : null;
    }

    [JsonSerializable(typeof(string[]))]
    private sealed partial class TagsJson : JsonSerializerContext;
}
