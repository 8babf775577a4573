using Microsoft.Extensions.Logging;

namespace Larder.Redis;

/// <summary>Everything this package logs.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Warning, "A message of the feed could not be read: another version of Larder, or another program, publishes on its channel. L1 is not trusted until the next echo.")]
    public static partial void UnknownMessage(ILogger log);

    [LoggerMessage(102, LogLevel.Warning, "An invalidation was confirmed by {Confirmed} of {Replicas} replicas (WaitForReplicas): a failover could lose it.")]
    public static partial void ReplicasMissing(ILogger log, int confirmed, int replicas, Exception? fault);

    [LoggerMessage(103, LogLevel.Information, "Invalidations are confirmed by {Replicas} replicas again.")]
    public static partial void ReplicasBack(ILogger log, int replicas);

    [LoggerMessage(104, LogLevel.Warning, "The server is a Redis Cluster, for which Larder's promises have not been tested: messages of several shards can overtake each other, which costs trust in L1, and only the failover of the tag clock's shard is noticed, so that after that of another one what was invalidated can come back. Use one primary, with replicas for failover.")]
    public static partial void Cluster(ILogger log);

    [LoggerMessage(105, LogLevel.Warning, "Commands are answered, and nothing comes through the feed: its subscription is made anew. L1 is not trusted until then.")]
    public static partial void NoEchoes(ILogger log);

    [LoggerMessage(106, LogLevel.Warning, "The feed's subscription could not be made anew; it is tried again.")]
    public static partial void NotRenewed(ILogger log, Exception fault);
}
