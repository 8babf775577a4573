using Larder.Redis.Connections;
using StackExchange.Redis;

namespace Larder.Redis.Backplane;

/// <summary>Messages by publish and subscribe; the client library subscribes again after its connection was lost.</summary>
internal sealed class RedisBackplane(RedisConnection connection) : ILarderBackplane
{
    public async ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var database = await connection.DatabaseAsync().ConfigureAwait(false);
        await database.PublishAsync(RedisChannel.Literal(channel), message).ConfigureAwait(false);
    }

    public async ValueTask SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken)
    {
        var database = await connection.DatabaseAsync().ConfigureAwait(false);
        var subscriber = database.Multiplexer.GetSubscriber();
        var literal = RedisChannel.Literal(channel);
        Action<RedisChannel, RedisValue> handler = (_, message) => receive(message);
        try
        {
            await subscriber.SubscribeAsync(literal, handler).ConfigureAwait(false);
        }
        catch
        {
            // The library keeps it for the next connection, and there is another attempt.
            await subscriber.UnsubscribeAsync(literal, handler, CommandFlags.FireAndForget).ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
