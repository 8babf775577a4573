using System.Globalization;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// The tags' records in the hash of the tag clock: <c>tag:</c> and the tag, with <c>number:tag:number</c>, the number of its last
/// invalidation and a copy of both. One that is not so may have been an invalidation: it counts as one that came just now.
/// </summary>
/// <param name="now">The tag clock.</param>
internal sealed class TagRecords(TagStamp now)
{
    private const string Prefix = "tag:";

    /// <summary>Reads what <c>read-tags.lua</c> answered.</summary>
    public TagReading Read(IReadOnlyList<string> tags, RedisResult[] answer)
    {
        var numbers = new long[tags.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Number(tags[i], (RedisValue)answer[i + 2]);
        }

        return new TagReading(now, numbers) { All = All((RedisResult[])answer[^1]!) };
    }

    // Among the fields are the clock and its generation; the tags have a prefix.
    private List<KeyValuePair<string, long>>? All(RedisResult[] fields)
    {
        var tags = new List<KeyValuePair<string, long>>();
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            var field = (string)fields[i]!;
            if (field.StartsWith(Prefix, StringComparison.Ordinal))
            {
                var tag = field[Prefix.Length..];
                tags.Add(KeyValuePair.Create(tag, Number(tag, (RedisValue)fields[i + 1])));
            }
        }

        return fields.Length == 0 ? null : tags;
    }

    private long Number(string tag, RedisValue record)
    {
        if (record.IsNull)
        {
            return 0;
        }

        var text = record.ToString();
        return long.TryParse(text.AsSpan(0, Math.Max(0, text.IndexOf(':'))), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && text == string.Create(CultureInfo.InvariantCulture, $"{number}:{tag}:{number}")
                ? number
                : now.Number;
    }
}
