using System.Globalization;
using System.Text.RegularExpressions;
using Larder.Redis.Protocol;
using Larder.Redis.Reads;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Inspection;

/// <summary>Lists the keys of a cache by SCAN, on one primary after another, and reads entries without their values.</summary>
/// <param name="keyPrefix">Stands in front of every key of the cache.</param>
/// <param name="clock">The server's time.</param>
internal sealed partial class KeyScanner(string keyPrefix, ServerClock clock)
{
    // What the cache keeps for itself: the tag clock, the list of nodes.
    private readonly string _own = keyPrefix + "larder:";

    /// <inheritdoc cref="IKeyScanner.ScanAsync"/>
    public async Task<KeyScan> ScanAsync(IDatabase database, string prefix, string? cursor, int count)
    {
        var primaries = Primaries(database);
        var at = Cursor.Parse(cursor);
        if (at.Primary >= primaries.Count)
        {
            // A cursor is of a server that there was: to say that there are no more keys would be a guess.
            throw new StoreUnavailableException("A server whose keys are to be listed is not connected.");
        }

        // Asked once: Garnet counts them one by one.
        var total = at.Total ?? (await Task.WhenAll(primaries.Select(primary => primary.DatabaseSizeAsync(database.Database))).ConfigureAwait(false)).Sum();

        object[] arguments = CountsAll(primaries[at.Primary]) && prefix.Length > 0
            ? [at.Position, "COUNT", count, "MATCH", Literal(keyPrefix + prefix) + "*"]
            : [at.Position, "COUNT", count];
        var scanning = primaries.Count == 1
            ? database.ExecuteAsync("SCAN", arguments)
            : primaries[at.Primary].ExecuteAsync("SCAN", arguments);
        var answer = (RedisResult[])(await scanning.ConfigureAwait(false))!;
        var next = (string)answer[0]!;
        var all = (RedisResult[])answer[1]!;
        var keys = all.Select(static key => (string)key!)
            .Where(key => key.StartsWith(keyPrefix, StringComparison.Ordinal) && !key.StartsWith(_own, StringComparison.Ordinal))
            .Select(key => key[keyPrefix.Length..])
            .ToArray();
        var goesOn = next == "0" ? at with { Primary = at.Primary + 1, Position = "0", Total = total } : at with { Position = next, Total = total };
        return new KeyScan(keys, goesOn.Primary == primaries.Count ? null : goesOn.ToString(), arguments.Length > 3 ? count : all.Length, total);
    }

    /// <inheritdoc cref="IKeyScanner.ReadHeadersAsync"/>
    public async Task<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IDatabase database, IReadOnlyList<string> keys)
    {
        var batch = database.CreateBatch();
        var reads = new (Task<RedisValue[]> Fields, Task<long> Length)[keys.Count];
        for (var i = 0; i < reads.Length; i++)
        {
            RedisKey key = keyPrefix + keys[i];
            reads[i] = (batch.HashGetAsync(key, EntryFields.AllButData), batch.HashStringLengthAsync(key, "data"));
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

            return new EntryHeader(EntryLayout.ParseHeader(key, new EntryFields(values), clock), length);
        }
        catch (RedisServerException fault) when (EntryReader.IsOfAnotherKind(fault))
        {
            // The other of the two has failed alike.
            await ((Task)measuring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new EntryHeader(EntryLayout.Unreadable, 0);
        }
    }

    // Garnet counts what matches, and would look at all keys for a pattern that few do; others count what they look at.
    private static bool CountsAll(IServer server) => server.GetProductVariant(out _) is ProductVariant.Redis or ProductVariant.Valkey;

    private static string Literal(string text) => SpecialCharacters().Replace(text, @"\$0");

    [GeneratedRegex(@"[*?[\\]")]
    private static partial Regex SpecialCharacters();

    private static List<IServer> Primaries(IDatabase database) =>
        [.. database.Multiplexer.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false, ServerType: not ServerType.Sentinel })
            .OrderBy(static server => EndPointCollection.ToString(server.EndPoint), StringComparer.Ordinal)];

    /// <summary>Where a scan has come to.</summary>
    /// <param name="Primary">On which of the servers.</param>
    /// <param name="Position">That server's own cursor.</param>
    /// <param name="Total">How many keys there were at the beginning; <see langword="null"/> there.</param>
    private readonly record struct Cursor(int Primary, string Position, long? Total)
    {
        public static Cursor Parse(string? text)
        {
            if (text is null)
            {
                return new(0, "0", null);
            }

            return text.Split('-') is [var primary, var position, var total]
                && int.TryParse(primary, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                && ulong.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    ? new(place, position, count)
                    : throw new ArgumentException($"The cursor was '{text}'; it may be one that an earlier step gave out.", nameof(text));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Primary}-{Position}-{Total}");
    }
}
