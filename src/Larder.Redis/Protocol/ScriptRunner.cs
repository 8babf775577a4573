using Larder.Redis.Connections;
using Larder.Redis.Feed;
using StackExchange.Redis;

namespace Larder.Redis.Protocol;

/// <summary>
/// Runs the scripts. Those that publish carry this node's next numbers, given out when they are sent, so that the numbers
/// reach the server in their order: a gap then means that a message was lost.
/// </summary>
internal sealed class ScriptRunner
{
    /// <summary>
    /// How many arguments of a script that publishes are filled in here: the channel, this node's id, the number of the first message.
    /// </summary>
    public const int Own = 3;

    private readonly Lock _gate = new();
    private readonly CommandSender<Run, RedisResult> _sender;
    private readonly string _nodeId;
    private readonly RedisValue _channel;
    private readonly RedisValue _node;
    private long _number;
    private long _repeated;

    public ScriptRunner(string nodeId, RedisChannel channel)
    {
        (_nodeId, _node, _channel, Channel) = (nodeId, nodeId, channel.ToString(), channel);
        _sender = new(Send, _gate);
    }

    public RedisChannel Channel { get; }

    /// <summary>Runs a script that publishes nothing, or what it is told.</summary>
    public Task<RedisResult> RunAsync(IDatabase database, Script script, RedisKey[] keys, RedisValue[] arguments) =>
        RunAsync(database, new(script, keys, arguments, 0));

    /// <summary>Runs a script that publishes.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="script">The script.</param>
    /// <param name="keys">What it knows as KEYS.</param>
    /// <param name="arguments">What it knows as ARGV, behind <see cref="Own"/> places that are filled here.</param>
    /// <param name="messages">How many messages it publishes; <see langword="null"/> for one for each key.</param>
    public Task<RedisResult> PublishAsync(IDatabase database, Script script, RedisKey[] keys, RedisValue[] arguments, int? messages = null) =>
        RunAsync(database, new(script, keys, arguments, messages ?? keys.Length));

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
            return FeedFormat.Repeat(_nodeId, _number);
        }
    }

    private async Task<RedisResult> RunAsync(IDatabase database, Run run)
    {
        try
        {
            return await _sender.SendAsync(database, run);
        }
        catch (RedisServerException fault) when (fault.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // The server was started since, or another took its place.
            return await database.ScriptEvaluateAsync(run.Script.Text, run.Keys, run.Arguments).ConfigureAwait(false);
        }
    }

    private Task<RedisResult> Send(IDatabaseAsync database, Run run)
    {
        if (run.Messages > 0)
        {
            (run.Arguments[0], run.Arguments[1], run.Arguments[2]) = (_channel, _node, _number + 1);
            _number += run.Messages;
        }

        return database.ScriptEvaluateAsync(run.Script.Hash, run.Keys, run.Arguments);
    }

    private readonly record struct Run(Script Script, RedisKey[] Keys, RedisValue[] Arguments, int Messages);
}
