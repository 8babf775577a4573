using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Larder.Redis.Connections;
using Larder.Redis.Feed;
using Larder.Redis.Inspection;
using Larder.Redis.Protocol;
using Larder.Redis.Reads;
using Larder.Stores;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Larder.Redis;

/// <summary>The store on a Redis-protocol server: one hash per entry, Lua for every change, publish and subscribe for the feed.</summary>
internal sealed class RedisStore : ILarderStore, IKeyScanner, INodeMessenger
{
    private readonly StoreContext _context;
    private readonly byte[] _writer;
    private readonly RedisConnection _connection;
    private readonly AfterFailover _afterFailover;
    private readonly ServerClock _clock;
    private readonly ScriptRunner _scripts;
    private readonly RedisKey[] _tagClock;
    private readonly RedisChannel _echoChannel;
    private readonly KeyScanner _scanner;
    private readonly NodeMessenger _messenger;
    private readonly ReplicaWait? _replicas;
    private readonly EntryReader _reader;
    private RedisFeed? _feed;

    public RedisStore(
        StoreContext context, RedisConnection connection, AfterFailover afterFailover = AfterFailover.Invalidate, ReplicaWait? replicas = null)
    {
        _replicas = replicas;
        _afterFailover = afterFailover;
        _context = context;
        _writer = Encoding.UTF8.GetBytes(context.NodeId);
        _connection = connection;
        _clock = new ServerClock(context.TimeProvider);
        _scripts = new ScriptRunner(context.NodeId, RedisChannel.Literal(context.KeyPrefix + "larder:feed"));
        _echoChannel = RedisChannel.Literal($"{context.KeyPrefix}larder:echo:{context.NodeId}");
        _tagClock = [context.KeyPrefix + "larder:tags"];
        _scanner = new KeyScanner(context.KeyPrefix, _clock);
        _messenger = new NodeMessenger(context.KeyPrefix, context.NodeId);
        _reader = new EntryReader(connection, _clock);
    }

    /// <summary>Makes a store as the options say.</summary>
    public static RedisStore Create(StoreContext context, LarderRedisOptions options, IServiceProvider services)
    {
        var replicas = options.WaitForReplicas == 0
            ? null
            : new ReplicaWait(
                new RedisConnection(options, services, context.NodeId + "-wait"),
                context.KeyPrefix + "larder:wait",
                options.WaitForReplicas,
                options.ReplicaTimeout,
                context.LoggerFactory.CreateLogger<RedisStore>());
        return new RedisStore(context, new RedisConnection(options, services, context.NodeId), options.AfterFailover, replicas);
    }

    public string Description => _connection.Description;

    public StoreCapabilities Capabilities => StoreCapabilities.All;

    public ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken) => Guard(async database =>
    {
        // The first run of a script costs its compilation, up to 140 ms on Garnet: not the first request's business.
        foreach (var endpoint in database.Multiplexer.GetEndPoints())
        {
            var server = database.Multiplexer.GetServer(endpoint);
            if (server is { IsConnected: true, IsReplica: false })
            {
                await Task.WhenAll(Script.All.Select(script => server.ScriptLoadAsync(script.Text))).ConfigureAwait(false);
            }
        }

        if (_feed is null)
        {
            var log = _context.LoggerFactory.CreateLogger<RedisStore>();
            if (Array.Exists(database.Multiplexer.GetServers(), static server => server is { IsConnected: true, ServerType: ServerType.Cluster }))
            {
                Log.Cluster(log);
            }

            var feed = new RedisFeed(database.Multiplexer, _connection, new(_scripts.Channel, _echoChannel), observer, log);
            try
            {
                await feed.StartAsync(_context.TimeProvider, cancellationToken).ConfigureAwait(false);
                _feed = feed;
            }
            catch
            {
                await feed.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    });

    public ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) =>
        _connection.Current is { } connection && _clock.IsSet
            ? _reader.ReadAsync(connection.GetDatabase(), Name(key))
            : ConnectAndReadAsync(Name(key));

    public ValueTask<IReadOnlyList<StoreEntry?>> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => Ask(async database =>
    {
        await SetClockAsync(database).ConfigureAwait(false);
        return await _reader.ReadManyAsync(database, [.. keys.Select(Name)]).ConfigureAwait(false);
    });

    public ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken) => Ask(async database =>
        Leases(await _scripts.RunAsync(database, Script.Lease, [Key(key)], LeaseArguments(request)).ConfigureAwait(false), 1)[0]);

    public ValueTask<IReadOnlyList<LeaseAnswer>> AcquireLeasesAsync(
        IReadOnlyList<(string Key, LeaseRequest Request)> requests, CancellationToken cancellationToken) => Ask(async database =>
    {
        var answers = await Shards.RunAsync<LeaseAnswer>(
            database,
            _context.KeyPrefix,
            [.. requests.Select(static asked => asked.Key)],
            (shard, indexes) => _scripts.RunAsync(database, Script.Lease, shard, [.. indexes.SelectMany(index => LeaseArguments(requests[index].Request))]),
            Leases).ConfigureAwait(false);
        return (IReadOnlyList<LeaseAnswer>)answers;
    });

    public ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        Ask(async database => (bool)await _scripts.RunAsync(database, Script.Renew, [Key(key)], [token.Value, Milliseconds(timeToLive)]).ConfigureAwait(false));

    public ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        Guard(database => _scripts.PublishAsync(
            database, Script.Release, [Key(key)], [default, default, default, key, token.Value, retryAfter is { } time ? Milliseconds(time) : -1]));

    public ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken) => Ask(async database =>
        (bool)Pieces(await _scripts.PublishAsync(
            database, Script.Commit, [Key(key)], Arguments([new StoreItem(key, write, token)], [0], withTokens: true)).ConfigureAwait(false), 1)[0]);

    public ValueTask<IReadOnlyList<bool>> CommitManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken) => Ask(async database =>
    {
        var answers = await Shards.RunAsync(
            database,
            _context.KeyPrefix,
            [.. items.Select(static item => item.Key)],
            (shard, indexes) => _scripts.PublishAsync(
                database,
                Script.Commit,
                shard,
                Arguments(items, indexes, withTokens: true)),
            Pieces).ConfigureAwait(false);
        return (IReadOnlyList<bool>)Array.ConvertAll(answers, static answer => (bool)answer);
    });

    public ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken) => Guard(database => ConfirmAsync(
        _scripts.PublishAsync(database, Script.Set, [Key(key)], Arguments([new StoreItem(key, write)], [0], withTokens: false))));

    public ValueTask SetManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken) =>
        ChangeAsync(
            Script.Set,
            [.. items.Select(static item => item.Key)],
            indexes => Arguments(items, indexes, withTokens: false));

    public ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) => ChangeKeysAsync(Script.Remove, [.. keys]);

    public ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) => ChangeKeysAsync(Script.Expire, [.. keys]);

    public ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken) =>
        Guard(database => _scripts.RunAsync(database, Script.Touch, [Key(key)], [Milliseconds(idle)]));

    public ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) => Ask(async database =>
    {
        var invalidation = _scripts.PublishAsync(
            database, Script.InvalidateTags, _tagClock, [default, default, default, .. NewGeneration(), .. tags.Select(tag => (RedisValue)tag)], tags.Count);
        await ConfirmAsync(invalidation).ConfigureAwait(false);
        var answer = (RedisResult[])(await invalidation.ConfigureAwait(false))!;
        var now = new TagStamp((string)answer[0]!, (long)answer[1]);
        return new TagReading(now, [.. Enumerable.Repeat(now.Number, tags.Count)]);
    });

    public ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) => Ask(async database =>
    {
        var answer = (RedisResult[])(await _scripts.RunAsync(database, Script.ReadTags, _tagClock, [.. NewGeneration(), .. tags.Select(tag => (RedisValue)tag)]).ConfigureAwait(false))!;
        return new TagRecords(new TagStamp((string)answer[0]!, (long)answer[1])).Read(tags, answer);
    });

    public ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken) => Ask(async database =>
    {
        var answer = (RedisResult[])(await _scripts.RunAsync(
            database,
            Script.Pulse,
            _tagClock,
            [_scripts.Channel.ToString(), _scripts.TakeRepeat(), _echoChannel.ToString(), echo, .. NewGeneration()]).ConfigureAwait(false))!;
        _clock.Set((long)answer[2], (long)answer[3]);
        _feed?.OnPulse(() => _messenger.RenewAsync(database.Multiplexer));
        return new TagReading(new TagStamp((string)answer[0]!, (long)answer[1]), []);
    });

    public ValueTask<KeyScan> ScanAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken) =>
        Ask(database => _scanner.ScanAsync(database, prefix, cursor, count));

    public ValueTask<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => Ask(async database =>
    {
        await SetClockAsync(database).ConfigureAwait(false);
        return await _scanner.ReadHeadersAsync(database, keys).ConfigureAwait(false);
    });

    public ValueTask ListenAsync(Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken) =>
        Guard(database => _messenger.ListenAsync(database, receive));

    public ValueTask AskAsync(ReadOnlyMemory<byte> question, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        Guard(database => _messenger.AskAsync(database, question, timeToLive));

    public ValueTask AnswerAsync(string nodeId, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken) =>
        Guard(database => _messenger.AnswerAsync(database, nodeId, answer));

    public ValueTask<ReadOnlyMemory<byte>> ReadQuestionAsync(CancellationToken cancellationToken) => Ask(_messenger.ReadQuestionAsync);

    public ValueTask AnnounceAsync(ReadOnlyMemory<byte> card, CancellationToken cancellationToken) =>
        Guard(database => _messenger.AnnounceAsync(database, card));

    public ValueTask ForgetAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellationToken) =>
        Guard(database => _messenger.ForgetAsync(database, nodeIds));

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadNodesAsync(CancellationToken cancellationToken) =>
        Ask(_messenger.ReadNodesAsync);

    public async ValueTask DisposeAsync()
    {
        if (_feed is not null)
        {
            await _feed.DisposeAsync().ConfigureAwait(false);
        }

        if (_connection.Current is { } connection)
        {
            await _messenger.StopAsync(connection).ConfigureAwait(false);
        }

        if (_replicas is not null)
        {
            await _replicas.DisposeAsync().ConfigureAwait(false);
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask<StoreEntry?> ConnectAndReadAsync(string name) => Ask(async database =>
    {
        await SetClockAsync(database).ConfigureAwait(false);
        return await _reader.ReadAsync(database, name).ConfigureAwait(false);
    });

    private RedisValue[] Arguments(IReadOnlyList<StoreItem> items, IReadOnlyList<int> indexes, bool withTokens)
    {
        var each = 1 + EntryLayout.ArgumentCount + (withTokens ? 1 : 0);
        var arguments = new RedisValue[ScriptRunner.Own + (each * indexes.Count)];
        for (var i = 0; i < indexes.Count; i++)
        {
            var item = items[indexes[i]];
            var own = arguments.AsSpan(ScriptRunner.Own + (i * each), each);
            own[0] = item.Key;
            EntryLayout.AddArguments(Name(item.Key), _writer, item.Write, own[1..]);
            if (withTokens)
            {
                own[^1] = item.Token.Value;
            }
        }

        return arguments;
    }

    private static RedisValue[] LeaseArguments(in LeaseRequest request) =>
    [
        request.Token.Value,
        Milliseconds(request.TimeToLive),
        request.SeenVersion ?? string.Empty,
        request switch
        {
            { Force: true } => "force",
            { Seen: SeenEntry.Keep } => "keep",
            { Seen: SeenEntry.KeepUnlessThrottled } => "throttle",
            _ => "delete",
        },
    ];

    private static LeaseAnswer[] Leases(RedisResult answer, int count)
    {
        var numbers = (RedisResult[])answer!;
        var leases = new LeaseAnswer[count];
        for (var i = 0; i < count; i++)
        {
            leases[i] = new((LeaseState)(int)numbers[2 * i], TimeSpan.FromMilliseconds((long)numbers[(2 * i) + 1]));
        }

        return leases;
    }

    private static RedisResult[] Pieces(RedisResult answer, int count) => (RedisResult[])answer!;

    private static RedisValue Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    // What generation.lua is told.
    private RedisValue[] NewGeneration() =>
        [Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..12], _afterFailover == AfterFailover.Keep ? "1" : "0"];

    private RedisKey Key(string key) => Name(key);

    private string Name(string key) => _context.KeyPrefix + key;

    private ValueTask ChangeKeysAsync(Script script, string[] keys) =>
        ChangeAsync(script, keys, indexes => [default, default, default, .. indexes.Select(index => (RedisValue)keys[index])]);

    // An invalidation: one script, or one a shard.
    private ValueTask ChangeAsync(Script script, string[] keys, Func<IReadOnlyList<int>, RedisValue[]> arguments) => Guard(database => ConfirmAsync(
        keys.Length == 1
            ? _scripts.PublishAsync(database, script, [Key(keys[0])], arguments([0]))
            : Shards.RunAsync(
                database,
                _context.KeyPrefix,
                keys,
                (shard, indexes) => _scripts.PublishAsync(database, script, shard, arguments(indexes)),
                static (answer, count) => Enumerable.Repeat(answer, count).ToArray())));

    private Task ConfirmAsync(Task invalidation) => _replicas is { } replicas ? WaitAsync(invalidation, replicas) : invalidation;

    private static async Task WaitAsync(Task invalidation, ReplicaWait replicas)
    {
        await invalidation.ConfigureAwait(false);
        await replicas.ConfirmAsync().ConfigureAwait(false);
    }

    private async ValueTask SetClockAsync(IDatabase database)
    {
        if (!_clock.IsSet)
        {
            var time = (RedisResult[])(await database.ExecuteAsync("TIME").ConfigureAwait(false))!;
            _clock.Set((long)time[0], (long)time[1]);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T> Ask<T>(Func<IDatabase, Task<T>> question)
    {
        try
        {
            return await question(await _connection.DatabaseAsync().ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception fault) when (RedisConnection.IsFault(fault))
        {
            throw _connection.Unavailable(fault);
        }
    }

    /// <inheritdoc cref="Ask"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Guard(Func<IDatabase, Task> operation)
    {
        try
        {
            await operation(await _connection.DatabaseAsync().ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception fault) when (RedisConnection.IsFault(fault))
        {
            throw _connection.Unavailable(fault);
        }
    }
}
