using System.Text;
using StackExchange.Redis;

namespace L2;

/// <summary>The commands alone that no cache with these entries can do without: the limit.</summary>
internal sealed class BareContender : IContender
{
    private static readonly RedisValue[] Fields = ["data", "absexp", "sldexp"];

    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;

    private BareContender(ConnectionMultiplexer connection) => (_connection, _database) = (connection, connection.GetDatabase());

    public static async Task<BareContender> StartAsync(string server) => new(await ConnectionMultiplexer.ConnectAsync(server));

    public bool Has(Operation operation) => operation != Operation.RemoveByTag;

    public async ValueTask RunAsync(Operation operation, string key, string value)
    {
        switch (operation)
        {
            case Operation.Hit:
                _ = BareReads.Text(await _database.HashGetAsync(key, Fields));
                break;
            case Operation.Miss:
                await _database.HashGetAsync(key, Fields);
                await SetAsync(key, value);
                break;
            case Operation.Set:
                await SetAsync(key, value);
                break;
            case Operation.Remove:
                await _database.KeyDeleteAsync(key);
                break;
        }
    }

    public Task BatchAsync(string[] keys) => BareReads.BatchAsync(_database, keys, Fields);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task SetAsync(string key, string value)
    {
        var batch = _database.CreateBatch();
        var set = batch.HashSetAsync(key, [new("data", Encoding.UTF8.GetBytes(value)), new("absexp", DateTime.UtcNow.Ticks), new("sldexp", -1)]);
        var expire = batch.KeyExpireAsync(key, TimeSpan.FromMinutes(5));
        batch.Execute();
        return Task.WhenAll(set, expire);
    }
}
