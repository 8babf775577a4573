using Larder.Redis.Connections;
using Larder.Redis.Protocol;
using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Reads;

/// <summary>Reads entries, one or several at once. The clock must have been set.</summary>
internal sealed class EntryReader
{
    private readonly RedisConnection _connection;
    private readonly ServerClock _clock;
    private readonly CommandSender<string, RespResult> _sender = new(HashAsync, new Lock());

    [ThreadStatic]
    private static RedisKeyOrValue[]? t_key;

    public EntryReader(RedisConnection connection, ServerClock clock) => (_connection, _clock) = (connection, clock);

    /// <summary>Whether there is no hash under the key, but a string, a list: somebody else's.</summary>
    public static bool IsOfAnotherKind(RedisServerException fault) => fault.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    /// <summary>Reads an entry.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="name">The key on the server.</param>
    public ValueTask<StoreEntry?> ReadAsync(IDatabase database, string name) => EntryRead.StartAsync(this, _sender, database, name);

    /// <summary>Reads several.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="names">The keys on the server.</param>
    public async Task<IReadOnlyList<StoreEntry?>> ReadManyAsync(IDatabase database, string[] names)
    {
        // Plain reads sent together are faster than a script that makes them.
        var batch = database.CreateBatch();
        var reading = Array.ConvertAll(names, name => HashAsync(batch, name));
        batch.Execute();

        // Each as it comes, while the server sends the next.
        var entries = new StoreEntry?[reading.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            try
            {
                using var reply = await reading[i].ConfigureAwait(false);
                entries[i] = Parse(names[i], reply);
            }
            catch (RedisServerException fault) when (IsOfAnotherKind(fault))
            {
                entries[i] = EntryLayout.Unreadable;
            }
            catch
            {
                await ((Task)Task.WhenAll(reading)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }

        return entries;
    }

    /// <summary>The entry in a reply.</summary>
    public StoreEntry? Parse(string name, RespResult reply) => EntryLayout.Parse(name, new EntryFields(reply.Read()), _clock);

    /// <summary>What the caller gets instead of a fault of the connection.</summary>
    public Exception Translate(Exception fault) => RedisConnection.IsFault(fault) ? _connection.Unavailable(fault) : fault;

    // The library copies the arguments before it returns, so that one array does for all reads of a thread; and of the reply it
    // lends the bytes that came, where HashGetAllAsync would make arrays of all names and fields.
    private static Task<RespResult> HashAsync(IDatabaseAsync database, string name)
    {
        var arguments = t_key ??= new RedisKeyOrValue[1];
        arguments[0] = (RedisKey)name;
        return database.ExecuteRespAsync("HGETALL", arguments);
    }
}
