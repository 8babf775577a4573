using System.Text;
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

    public string Name => "bare, same bytes";

    public static async Task<BareFieldsContender> StartAsync(string server) => new(server, await ConnectionMultiplexer.ConnectAsync(server));

    public bool Has(Operation operation) => operation is Operation.Hit or Operation.Batch;

    public async ValueTask RunAsync(Operation operation, string key, string value)
    {
        if (operation == Operation.Set)
        {
            await _writer.RunAsync(operation, key, value);
            return;
        }

        _ = Text(await _database.HashGetAsync(key, Fields));
    }

    public async Task BatchAsync(string[] keys)
    {
        var batch = _database.CreateBatch();
        var reads = Array.ConvertAll(keys, key => batch.HashGetAsync(key, Fields));
        batch.Execute();
        foreach (var found in await Task.WhenAll(reads))
        {
            _ = Text(found);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private static string Text(RedisValue[] found) => Array.Exists(found, static field => field.IsNull)
        ? throw new InvalidOperationException("Not an entry of Larder's.")
        : Encoding.UTF8.GetString(((ReadOnlyMemory<byte>)found[0]).Span);
}
