using System.Buffers;
using System.Globalization;
using System.Text;
using Larder.Redis.Protocol;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Inspection;

/// <summary>Lists the keys of a cache by SCAN, on one primary after another, and reads entries without their values.</summary>
/// <param name="keyPrefix">Stands in front of every key of the cache.</param>
/// <param name="clock">The server's time.</param>
internal sealed class KeyScanner(string keyPrefix, ServerClock clock)
{
    private static readonly SearchValues<char> Special = SearchValues.Create(@"*?[]\^");
    private static readonly RedisValue[] Fields = ["absexp", "sldexp", "ver", "clk", "tags", "exp", "kept", "etag", "mod"];

    // What the cache keeps for itself: the tag clock, the list of nodes.
    private readonly string _own = keyPrefix + "larder:";

    /// <inheritdoc cref="IKeyScanner.ScanAsync"/>
    public async Task<KeyScan> ScanAsync(IDatabase database, string pattern, string? cursor, int count)
    {
        var primaries = Primaries(database);
        var (place, position) = Parse(cursor);
        if (place >= primaries.Count)
        {
            return new KeyScan([], null, 0, null);
        }

        object[] arguments = [position, "MATCH", Escape(keyPrefix) + Glob(pattern), "COUNT", count];
        var sizing = Task.WhenAll(primaries.Select(primary => primary.DatabaseSizeAsync(database.Database)));
        var scanning = primaries.Count == 1
            ? database.ExecuteAsync("SCAN", arguments)
            : primaries[place].ExecuteAsync("SCAN", arguments);
        var answer = (RedisResult[])(await scanning.ConfigureAwait(false))!;
        var next = (string)answer[0]!;
        var keys = ((RedisResult[])answer[1]!).Select(static key => (string)key!)
            .Where(key => key.StartsWith(keyPrefix, StringComparison.Ordinal) && !key.StartsWith(_own, StringComparison.Ordinal))
            .Select(key => key[keyPrefix.Length..])
            .ToArray();
        var total = (await sizing.ConfigureAwait(false)).Sum();
        var (nextPlace, end) = next == "0" ? (place + 1, place + 1 == primaries.Count) : (place, false);
        return new KeyScan(
            keys,
            end ? null : string.Create(CultureInfo.InvariantCulture, $"{nextPlace}-{next}"),
            Math.Min(count, total),
            total);
    }

    /// <inheritdoc cref="IKeyScanner.ReadHeadersAsync"/>
    public async Task<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IDatabase database, IReadOnlyList<string> keys)
    {
        var batch = database.CreateBatch();
        var reads = new (Task<RedisValue[]> Fields, Task<long> Length)[keys.Count];
        for (var i = 0; i < reads.Length; i++)
        {
            RedisKey key = keyPrefix + keys[i];
            reads[i] = (batch.HashGetAsync(key, Fields), batch.HashStringLengthAsync(key, "data"));
        }

        batch.Execute();
        var headers = new EntryHeader?[reads.Length];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = await HeaderAsync(keyPrefix + keys[i], reads[i].Fields, reads[i].Length).ConfigureAwait(false);
        }

        return headers;
    }

    private async Task<EntryHeader?> HeaderAsync(string key, Task<RedisValue[]> reading, Task<long> measuring)
    {
        try
        {
            var values = await reading.ConfigureAwait(false);
            var length = await measuring.ConfigureAwait(false);

            // A lease makes a hash of a key that has no entry yet.
            if (Array.TrueForAll(values, static value => value.IsNull) && length == 0)
            {
                return null;
            }

            var fields = new EntryFields([.. Fields.Zip(values, static (name, value) => new HashEntry(name, value)), new HashEntry("data", RedisValue.EmptyString)]);
            return EntryLayout.ParseHeader(key, fields, clock) is { } entry ? new EntryHeader(entry, length) : null;
        }
        catch (RedisServerException fault) when (fault.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            // The other of the two has failed alike.
            await ((Task)measuring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new EntryHeader(EntryLayout.Unreadable, 0);
        }
    }

    private static List<IServer> Primaries(IDatabase database) =>
        [.. database.Multiplexer.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false, ServerType: not ServerType.Sentinel })
            .OrderBy(static server => EndPointCollection.ToString(server.EndPoint), StringComparer.Ordinal)];

    private static (int Place, string Position) Parse(string? cursor)
    {
        if (cursor is null)
        {
            return (0, "0");
        }

        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && int.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            && ulong.TryParse(cursor.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                ? (place, position.ToString(CultureInfo.InvariantCulture))
                : throw new ArgumentException($"The cursor was '{cursor}'; it may be one that an earlier step gave out.", nameof(cursor));
    }

    // Of the characters that the server's patterns know, the caller's know two.
    private static string Glob(string pattern) => Escape(pattern).Replace(@"\*", "*", StringComparison.Ordinal).Replace(@"\?", "?", StringComparison.Ordinal);

    private static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAny(Special))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (Special.Contains(character))
            {
                escaped.Append('\\');
            }

            escaped.Append(character);
        }

        return escaped.ToString();
    }
}
