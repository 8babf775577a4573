using Larder.Stores;
using Microsoft.Extensions.Caching.Distributed;

namespace Larder.Distributed;

/// <summary>
/// A store over any <see cref="IDistributedCache"/>. That can only get, set, remove and refresh, so there is no feed, a lease
/// binds nobody, and the tag clock does not count atomically (<see cref="DistributedTagClock"/>).
/// </summary>
/// <remarks>
/// Expirations are given to the provider, whose timing rules; the absolute one is also checked by the reader's wall
/// clock against the writer's (<see cref="EntryEnvelope"/> says what skew between them does), for providers that ignore
/// it. Sliding is the provider's alone: by the contract of <see cref="IDistributedCache"/> each get slides the entry, so
/// <see cref="ReadAsync"/> does here, and <see cref="TouchAsync"/> slides it from now, however long ago it was read.
/// </remarks>
internal sealed class DistributedCacheStore(IDistributedCache cache, StoreContext context) : ILarderStore
{
    private readonly DistributedProvider _provider = new(cache);
    private readonly DistributedKeys _keys = new(context.KeyPrefix);
    private readonly DistributedTagClock _tags = new(new(cache), new(context.KeyPrefix));
    private long _writes;

    public string Description => $"distributed cache {_provider.Name}";

    public StoreCapabilities Capabilities => StoreCapabilities.None;

    public async ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken) =>
        await _tags.ReadAsync([], cancellationToken).ConfigureAwait(false);

    public async ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var blob = await _provider.GetAsync(_keys.Entry(key), cancellationToken).ConfigureAwait(false);
        return EntryEnvelope.Read(key, blob, context.TimeProvider.GetUtcNow());
    }

    public async ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken)
    {
        if (!request.Force && await ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (entry.Version != request.SeenVersion || (request.Seen == SeenEntry.KeepUnlessThrottled && entry.IsExpired && entry.ExpiresIn > TimeSpan.Zero))
            {
                return new(LeaseState.Present);
            }

            if (request.Seen != SeenEntry.Delete)
            {
                return new(LeaseState.Granted);
            }

            await _provider.RemoveAsync(_keys.Entry(key), cancellationToken).ConfigureAwait(false);
        }

        return new(LeaseState.Granted);
    }

    public ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) => new(true);

    public ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        retryAfter is { } time ? ExpireAsync(key, context.TimeProvider.GetUtcNow() + time, cancellationToken) : default;

    public async ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken)
    {
        await SetAsync(key, write, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken)
    {
        var version = $"{context.NodeId}:{Interlocked.Increment(ref _writes)}";

        // A sliding expiration is the provider's alone, and nobody would know that the entry has expired: it is not kept.
        var kept = write.SlidingExpiration is null && write.Expiration is not null ? write.Retention : null;
        var header = EntryEnvelope.Write(key, version, context.TimeProvider.GetUtcNow(), write with { Retention = kept });
        var options = new DistributedCacheEntryOptions
        {
            AbsoluteExpirationRelativeToNow = write.Expiration + kept.GetValueOrDefault(),
            SlidingExpiration = write.SlidingExpiration,
        };
        return _provider.SetAsync(_keys.Entry(key), header, write.Payload, options, cancellationToken);
    }

    public async ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            await _provider.RemoveAsync(_keys.Entry(key), cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            await ExpireAsync(key, null, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken) =>
        await _provider.RefreshAsync(_keys.Entry(key), cancellationToken).ConfigureAwait(false);

    public ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        _tags.InvalidateAsync(tags, cancellationToken);

    public ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        _tags.ReadAsync(tags, cancellationToken);

    public ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken) => _tags.PulseAsync(cancellationToken);

    // The provider is the container's.
    public ValueTask DisposeAsync()
    {
        _tags.Dispose();
        return default;
    }

    // Read, changed and written back: another node's write between is lost. Its own invalidation, if it was one, is not:
    // what is written back has expired.
    private async ValueTask ExpireAsync(string key, DateTimeOffset? retryAt, CancellationToken cancellationToken)
    {
        var id = _keys.Entry(key);
        var blob = await _provider.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (EntryEnvelope.Read(key, blob, context.TimeProvider.GetUtcNow()) is { RetainedFor: { } left } entry
            && EntryEnvelope.Expire(key, blob, retryAt) is var (head, payload))
        {
            if (entry.IsExpired || retryAt is null)
            {
                await _provider.SetAsync(id, head, payload, new() { AbsoluteExpirationRelativeToNow = left }, cancellationToken).ConfigureAwait(false);
            }
        }
        else if (retryAt is null)
        {
            await _provider.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }
}
