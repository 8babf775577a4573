using Larder;
using Larder.Redis.Backplane;
using Larder.Redis.Connections;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets nodes tell each other of changes through a Redis-protocol server, while their entries lie elsewhere.</summary>
public static class LarderRedisBackplaneExtensions
{
    /// <summary>
    /// Sends the messages of <see cref="LarderBackplaneExtensions.UseBackplane{T}"/> by publish and subscribe on a Redis-protocol
    /// server, on a connection of its own. It keeps nothing there. Where the server can keep the entries as well, <c>UseRedis</c>
    /// promises more.
    /// </summary>
    /// <param name="builder">The builder of a cache with a store that has no feed: <c>UseDistributedCache</c>.</param>
    /// <param name="configuration">StackExchange.Redis's configuration text: <c>localhost:6379,password=…</c>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> can't be read, or names no server.</exception>
    public static ILarderBuilder UseRedisBackplane(this ILarderBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        if (ConfigurationOptions.Parse(configuration).EndPoints.Count == 0)
        {
            // The text itself may hold a password.
            throw new ArgumentException("The configuration names no server; it may be 'host:port,option=value,...'.", nameof(configuration));
        }

        var options = new LarderRedisOptions { Configuration = configuration };
        return builder.UseBackplane(services => new RedisBackplane(new RedisConnection(options, services, "larder-backplane")));
    }
}
