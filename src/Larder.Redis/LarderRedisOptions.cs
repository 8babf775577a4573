using StackExchange.Redis;

namespace Larder;

/// <summary>
/// How to reach Redis, Valkey, Garnet or Azure's Redis, by one of the first three, and what to think of it. Bound from the configuration section
/// <c>Larder:Redis</c> (<c>Larder:{name}:Redis</c> for a named cache).
/// </summary>
/// <remarks>
/// On a connection of its own the cache starts without the server, fails fast while it is away, and tries again every second,
/// whatever the options say about that.
/// </remarks>
public sealed class LarderRedisOptions
{
    /// <summary>StackExchange.Redis's configuration text, <c>host:port,password=…,ssl=true</c>.</summary>
    /// <value>Default: none.</value>
    public string? Configuration { get; set; }

    /// <summary>StackExchange.Redis's options as an object, for what a text can't say (certificates, token credentials).</summary>
    /// <value>Default: none.</value>
    public ConfigurationOptions? ConfigurationOptions { get; set; }

    /// <summary>
    /// Makes the connection, or hands out one that the app has. The cache never disposes it. It should fail fast
    /// (<see cref="BacklogPolicy.FailFast"/>), or a dead server is noticed only by <see cref="LarderOptions.StoreTimeout"/>.
    /// </summary>
    /// <value>Default: none.</value>
    public Func<IServiceProvider, CancellationToken, Task<IConnectionMultiplexer>>? ConnectionMultiplexerFactory { get; set; }

    /// <summary>
    /// What becomes of the entries when the server is not the one it was: it was restarted, or a replica was promoted. Then
    /// invalidations that it had acknowledged may be gone, and what they removed may be back.
    /// </summary>
    /// <value>Default: <see cref="AfterFailover.Invalidate"/>.</value>
    public AfterFailover AfterFailover { get; set; }

    /// <summary>
    /// How many replicas must have an invalidation (a Set, a Remove, a tag) before its call returns, by the command
    /// <c>WAIT</c> on a connection of its own. It makes a failover that loses one unlikely, not impossible: a replica that
    /// lacks it may be promoted all the same. Where fewer confirm in time, the call returns, and a warning is logged.
    /// </summary>
    /// <value>Default: 0, no waiting. From 0 to 100; not with <see cref="ConnectionMultiplexerFactory"/>.</value>
    public int WaitForReplicas { get; set; }

    /// <summary>For how long an invalidation waits for replicas; shorter than <see cref="LarderOptions.StoreTimeout"/>.</summary>
    /// <value>Default: 500 milliseconds. From 1 millisecond to 1 minute.</value>
    public TimeSpan ReplicaTimeout { get; set; } = TimeSpan.FromMilliseconds(500);
}
