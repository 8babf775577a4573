using Microsoft.Extensions.Caching.Distributed;

namespace Larder.Redis.Tests.Layout;

/// <summary>The expirations that an entry can have.</summary>
public enum Expirations
{
    None,
    Absolute,
    Sliding,
    Both,
}

internal static class ExpirationsExtensions
{
    public static readonly TimeSpan AbsoluteTime = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan SlidingTime = TimeSpan.FromMinutes(10);

    public static TimeSpan? Absolute(this Expirations expirations) =>
        expirations is Expirations.Absolute or Expirations.Both ? AbsoluteTime : null;

    public static TimeSpan? Sliding(this Expirations expirations) =>
        expirations is Expirations.Sliding or Expirations.Both ? SlidingTime : null;

    /// <summary>When the server drops the entry, if nobody reads it.</summary>
    public static TimeSpan? TimeToLive(this Expirations expirations) => expirations.Sliding() ?? expirations.Absolute();

    public static DistributedCacheEntryOptions ToDistributed(this Expirations expirations) =>
        new() { AbsoluteExpirationRelativeToNow = expirations.Absolute(), SlidingExpiration = expirations.Sliding() };

    public static LarderEntryOptions ToLarder(this Expirations expirations) =>
        new() { Expiration = expirations.Absolute(), SlidingExpiration = expirations.Sliding() };
}
