using Microsoft.Extensions.Caching.Distributed;

namespace Larder.Tests.Distributed;

/// <summary>
/// The faults of real providers in one: it ignores absolute expiration, hands empty arrays back as null and the others
/// padded with zeros, and lets what has no expiration at all slide away within 20 minutes.
/// </summary>
internal sealed class AwkwardProvider(Func<IDistributedCache> inner) : ProviderFake(inner)
{
    public override async Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
        await base.GetAsync(key, token) is { Length: > 0 } blob ? [.. blob, 0, 0, 0] : null;

    public override Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        var hasNone = options.SlidingExpiration is null && options.AbsoluteExpirationRelativeToNow is null && options.AbsoluteExpiration is null;
        return base.SetAsync(
            key, value, new() { SlidingExpiration = hasNone ? TimeSpan.FromMinutes(20) : options.SlidingExpiration }, token);
    }
}
