using StackExchange.Redis;

namespace Larder.Garnet.Hosting;

/// <summary>
/// Makes the process's first connection, subscription and script, which on a small machine take half a second, under load
/// more than the time-out that a cache grants its store: nearly all of it is compilation, and is done here, where it has time.
/// </summary>
internal static class WarmUp
{
    private const string Script =
        """
        local entry = redis.call('hmget', KEYS[1], 'data')
        redis.call('publish', ARGV[1], cjson.encode(entry))
        return {tonumber(ARGV[2]), redis.call('time')[1]}
        """;

    public static async Task RunAsync(ConfigurationOptions configuration)
    {
        try
        {
            var channel = RedisChannel.Literal("larder:warm-up");
            var client = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
            {
                await client.GetSubscriber().SubscribeAsync(channel, static (_, _) => { }).ConfigureAwait(false);
                await client.GetDatabase().ScriptEvaluateAsync(Script, ["larder:warm-up"], [channel.ToString(), 1]).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // Whoever really needs the server will say what is wrong with it.
        }
    }
}
