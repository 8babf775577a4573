using StackExchange.Redis;

namespace L2;

/// <summary>The command alone that reads the bytes of Larder's entries: the limit for an entry that can be shown to be fresh and whole.</summary>
internal sealed class BareFieldsContender : IContender
{
    private static readonly RedisValue[] Fields = ["data", "absexp", "sldexp", "ver", "clk"];

    private readonly LarderContender _writer;
    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;

    private BareFieldsContender(string server, ConnectionMultiplexer connection) =>
        (_writer, _connection, _database) = (new(server), connection, connection.GetDatabase());

    public static async Task<BareFieldsContender> StartAsync(string server) => new(server, await ConnectionMultiplexer.ConnectAsync(server));

    public bool Has(Operation operation) => operation is Operation.Hit or Operation.Batch;

    public async ValueTask RunAsync(Operation operation, string key, string value)
    {
        if (operation == Operation.Set)
        {
            await _writer.RunAsync(operation, key, value);
            return;
        }

        _ = BareReads.Text(await _database.HashGetAsync(key, Fields));
    }

    public Task BatchAsync(string[] keys) => BareReads.BatchAsync(_database, keys, Fields);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _writer.DisposeAsync();
    }
}
