using Larder.Stores;
using StackExchange.Redis;

namespace Larder.Redis.Inspection;

/// <summary>Questions and answers between nodes: two channels beside the feed's, the last question under a key, the list of nodes in a hash.</summary>
internal sealed class NodeMessenger
{
    private readonly string _nodeId;
    private readonly string _channel;
    private readonly RedisKey _question;
    private readonly RedisKey _nodes;
    private Action<RedisChannel, RedisValue>? _handler;

    public NodeMessenger(string keyPrefix, string nodeId)
    {
        _nodeId = nodeId;
        _channel = keyPrefix + "larder:ask";
        _question = keyPrefix + "larder:question";
        _nodes = keyPrefix + "larder:nodes";
    }

    private RedisChannel All => RedisChannel.Literal(_channel);

    /// <inheritdoc cref="INodeMessenger.ListenAsync"/>
    public Task ListenAsync(IDatabase database, Action<ReadOnlyMemory<byte>> receive)
    {
        _handler = (_, message) => receive(message);
        return SubscribeAsync(database.Multiplexer.GetSubscriber(), _handler);
    }

    /// <summary>Subscribes anew, if <see cref="ListenAsync"/> did: the connection has lost its subscriptions.</summary>
    public async Task RenewAsync(IConnectionMultiplexer connection)
    {
        if (_handler is { } handler)
        {
            var subscriber = connection.GetSubscriber();
            await UnsubscribeAsync(subscriber, handler).ConfigureAwait(false);
            await SubscribeAsync(subscriber, handler).ConfigureAwait(false);
        }
    }

    /// <summary>Stops what <see cref="ListenAsync"/> began: the connection may be the app's, and live on.</summary>
    public async Task StopAsync(IConnectionMultiplexer connection)
    {
        if (_handler is { } handler)
        {
            await UnsubscribeAsync(connection.GetSubscriber(), handler).ConfigureAwait(false);
            await connection.GetDatabase().HashDeleteAsync(_nodes, _nodeId, CommandFlags.FireAndForget).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="INodeMessenger.AskAsync"/>
    public async Task AskAsync(IDatabase database, ReadOnlyMemory<byte> question, TimeSpan timeToLive)
    {
        // First where those that don't hear look for it.
        await Task.WhenAll(
            database.StringSetAsync(_question, question, timeToLive),
            database.PublishAsync(All, question)).ConfigureAwait(false);
    }

    /// <inheritdoc cref="INodeMessenger.AnswerAsync"/>
    public Task AnswerAsync(IDatabase database, string nodeId, ReadOnlyMemory<byte> answer) => database.PublishAsync(Of(nodeId), answer);

    /// <inheritdoc cref="INodeMessenger.ReadQuestionAsync"/>
    public async Task<ReadOnlyMemory<byte>> ReadQuestionAsync(IDatabase database) => await database.StringGetAsync(_question).ConfigureAwait(false);

    /// <inheritdoc cref="INodeMessenger.AnnounceAsync"/>
    public Task AnnounceAsync(IDatabase database, ReadOnlyMemory<byte> card) => database.HashSetAsync(_nodes, _nodeId, card);

    /// <inheritdoc cref="INodeMessenger.ForgetAsync"/>
    public Task ForgetAsync(IDatabase database, IReadOnlyList<string> nodeIds) =>
        database.HashDeleteAsync(_nodes, [.. nodeIds.Select(static node => (RedisValue)node)]);

    /// <inheritdoc cref="INodeMessenger.ReadNodesAsync"/>
    public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadNodesAsync(IDatabase database) =>
        (await database.HashGetAllAsync(_nodes).ConfigureAwait(false))
            .ToDictionary(static card => (string)card.Name!, static card => (ReadOnlyMemory<byte>)card.Value, StringComparer.Ordinal);

    private async Task SubscribeAsync(ISubscriber subscriber, Action<RedisChannel, RedisValue> handler)
    {
        await subscriber.SubscribeAsync(All, handler).ConfigureAwait(false);
        await subscriber.SubscribeAsync(Of(_nodeId), handler).ConfigureAwait(false);
    }

    private async Task UnsubscribeAsync(ISubscriber subscriber, Action<RedisChannel, RedisValue> handler)
    {
        await subscriber.UnsubscribeAsync(All, handler, CommandFlags.FireAndForget).ConfigureAwait(false);
        await subscriber.UnsubscribeAsync(Of(_nodeId), handler, CommandFlags.FireAndForget).ConfigureAwait(false);
    }

    private RedisChannel Of(string nodeId) => RedisChannel.Literal($"{_channel}:{nodeId}");
}
