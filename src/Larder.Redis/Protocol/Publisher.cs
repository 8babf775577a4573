using Larder.Redis.Feed;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// Sends the scripts that publish. Each carries this node's next number, given out and sent under one lock, so that the
/// numbers reach the server in their order: a gap then means that a message was lost.
/// </summary>
internal sealed class Publisher(string nodeId, RedisChannel channel)
{
    /// <summary>How many of a script's arguments are the publisher's: the channel, this node's id, the number of the first message.</summary>
    public const int Own = 3;

    private readonly Lock _gate = new();
    private readonly RedisValue _channel = channel.ToString();
    private readonly RedisValue _node = nodeId;
    private long _number;
    private long _repeated;

    public RedisChannel Channel => channel;

    /// <summary>Runs a script that changes entries and publishes one message for each.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="script">The script.</param>
    /// <param name="keys">The entries, on one shard.</param>
    /// <param name="arguments">What the script is told of them, behind <see cref="Own"/> places that are filled here.</param>
    public Task<RedisResult> SendAsync(IDatabase database, Script script, RedisKey[] keys, RedisValue[] arguments)
    {
        (arguments[0], arguments[1]) = (_channel, _node);
        lock (_gate)
        {
            arguments[2] = _number + 1;
            _number += keys.Length;
            return database.ScriptEvaluateAsync(script.Text, keys, arguments);
        }
    }

    /// <summary>Runs the script that invalidates tags; it publishes one message for each.</summary>
    public Task<RedisResult> SendTagsAsync(IDatabase database, RedisKey[] tagClock, RedisValue[] newGeneration, IReadOnlyList<string> tags)
    {
        lock (_gate)
        {
            var first = _number + 1;
            _number += tags.Count;
            return database.ScriptEvaluateAsync(
                Script.InvalidateTags.Text,
                tagClock,
                [_channel, _node, first, .. newGeneration, .. tags.Select(tag => (RedisValue)tag)]);
        }
    }

    /// <summary>A message that repeats the last number, once after a burst, or nothing.</summary>
    public RedisValue TakeRepeat()
    {
        lock (_gate)
        {
            if (_repeated == _number)
            {
                return RedisValue.EmptyString;
            }

            _repeated = _number;
            return FeedFormat.Repeat(nodeId, _number);
        }
    }
}
