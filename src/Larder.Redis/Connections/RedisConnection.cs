using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Connections;

/// <summary>The connection of one cache: made at the first use, shared by everything, tried again after it could not be made.</summary>
internal sealed class RedisConnection(LarderRedisOptions options, IServiceProvider services, string clientName) : IAsyncDisposable
{
    private const int ReconnectMilliseconds = 1000;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private Task<IConnectionMultiplexer>? _connecting;

    /// <summary>A connection is about to be made, and nothing was sent on it yet. Not known of a connection of the app.</summary>
    public event Action? Connecting;

    /// <summary>The server and its address, without secrets.</summary>
    public string Description => "redis at " + options switch
    {
        { ConfigurationOptions: { } given } => Endpoints(given),
        { Configuration: { } text } => Endpoints(ConfigurationOptions.Parse(text)),
        _ => "a connection of the app",
    };

    /// <summary>The connection, once it could be made.</summary>
    public IConnectionMultiplexer? Current => _connecting is { IsCompletedSuccessfully: true } made ? made.Result : null;

    public ValueTask<IDatabase> DatabaseAsync() => Current is { } connection ? new(Database(connection)) : ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (options.ConnectionMultiplexerFactory is null && Current is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async ValueTask<IDatabase> ConnectAsync()
    {
        Task<IConnectionMultiplexer> connecting;
        lock (_gate)
        {
            // One attempt at a time, whoever waits for it; a failed one is forgotten.
            connecting = _connecting is { IsFaulted: false, IsCanceled: false } running ? running : _connecting = OpenAsync();
        }

        return Database(await connecting.ConfigureAwait(false));
    }

    private async Task<IConnectionMultiplexer> OpenAsync()
    {
        if (options.ConnectionMultiplexerFactory is { } factory)
        {
            return await factory(services, _stop.Token).ConfigureAwait(false);
        }

        var configuration = options.ConfigurationOptions?.Clone() ?? ConfigurationOptions.Parse(options.Configuration!);
        configuration.ClientName ??= clientName;

        // The cache has its own answer to a server that is away: the origin, at once. It waits for nothing in a backlog.
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;

        // The library's own pauses between attempts grow to 10 seconds.
        configuration.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        configuration.Tunnel = new ConnectWatch(() => Connecting?.Invoke(), configuration.Tunnel);
        return await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
    }

    /// <summary>Whether a command failed because of the connection.</summary>
    public static bool IsFault(Exception fault) => fault is RedisConnectionException or RedisTimeoutException or ObjectDisposedException;

    /// <summary>What the cache is told of such a fault.</summary>
    public StoreUnavailableException Unavailable(Exception fault) => new($"{Description} can't be reached.", fault);

    private static IDatabase Database(IConnectionMultiplexer connection) => connection.GetDatabase();

    private static string Endpoints(ConfigurationOptions configuration) =>
        string.Join(", ", configuration.EndPoints.Select(EndPointCollection.ToString));
}
