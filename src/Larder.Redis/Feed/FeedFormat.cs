using System.Globalization;
using Larder.Stores;

namespace Larder.Redis.Feed;

/// <summary>
/// A message of the feed as text, which <c>redis-cli subscribe</c> shows: publisher, number, change and subject, separated
/// by spaces; before the subject of a tag stand the generation and the number of the tag clock.
/// </summary>
internal static class FeedFormat
{
    /// <summary>A message that repeats a publisher's last number.</summary>
    public static string Repeat(string node, long number) => string.Create(CultureInfo.InvariantCulture, $"{node} {number} repeat ");

    public static bool TryParse(string text, out FeedMessage message)
    {
        message = default;
        var rest = text.AsSpan();
        var publisher = Next(ref rest);
        if (!long.TryParse(Next(ref rest), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || Change(Next(ref rest)) is not { } change)
        {
            return false;
        }

        var stamp = default(TagStamp);
        if (change == FeedChange.Tag)
        {
            var generation = Next(ref rest).ToString();
            if (!long.TryParse(Next(ref rest), NumberStyles.None, CultureInfo.InvariantCulture, out var clock))
            {
                return false;
            }

            stamp = new TagStamp(generation, clock);
        }

        message = new FeedMessage(publisher.ToString(), number, change, rest.ToString(), stamp);
        return true;
    }

    private static FeedChange? Change(ReadOnlySpan<char> word) => word switch
    {
        "none" => FeedChange.None,
        "repeat" => FeedChange.Repeat,
        "set" => FeedChange.Set,
        "commit" => FeedChange.Commit,
        "remove" => FeedChange.Remove,
        "expire" => FeedChange.Expire,
        "release" => FeedChange.Release,
        "tag" => FeedChange.Tag,
        _ => null,
    };

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest)
    {
        var space = rest.IndexOf(' ');
        var word = space < 0 ? rest : rest[..space];
        rest = space < 0 ? [] : rest[(space + 1)..];
        return word;
    }
}
