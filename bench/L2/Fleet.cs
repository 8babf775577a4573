using Larder.Testing;

namespace L2;

/// <summary>Each contender with a server of its own, which none of the others has filled or listens to.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly List<ITestServer> _servers = [];

    public List<IContender> Contenders { get; } = [];

    /// <summary>Starts them, with the values that are read.</summary>
    public static async Task<Fleet> StartAsync(ServerKind kind, Operation operation, string value, int callers)
    {
        var fleet = new Fleet();
        Func<string, Task<IContender>>[] starts =
        [
            static async server => await BareContender.StartAsync(server),
            static server => Task.FromResult<IContender>(new RedisCacheContender(server)),
            static server => Task.FromResult<IContender>(new HybridCacheContender(server)),
            static server => Task.FromResult<IContender>(new FusionCacheContender(server)),
            static server => Task.FromResult<IContender>(new LarderContender(server)),
        ];
        foreach (var start in starts)
        {
            var server = await TestServer.StartAsync(kind);
            fleet._servers.Add(server);
            await fleet.AddAsync(await start(server.Configuration), operation, value, callers);
        }

        return fleet;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contender in Contenders)
        {
            await contender.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task AddAsync(IContender contender, Operation operation, string value, int callers)
    {
        if (!contender.Has(operation))
        {
            await contender.DisposeAsync();
            return;
        }

        Contenders.Add(contender);
        foreach (var keys in Load.KeysToRead(operation, callers).Chunk(100))
        {
            await Task.WhenAll(keys.Select(key => contender.RunAsync(Operation.Set, key, value).AsTask()));
        }
    }
}
