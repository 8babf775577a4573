using Larder.Stores;

namespace Larder.Testing;

/// <summary>A real store, for tests to change one thing about.</summary>
public abstract class DelegatingStore(ILarderStore store) : ILarderStore
{
    /// <inheritdoc/>
    public string Description => store.Description;

    /// <inheritdoc/>
    public StoreCapabilities Capabilities => store.Capabilities;

    /// <inheritdoc/>
    public virtual ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken) => store.StartAsync(observer, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken) =>
        store.AcquireLeaseAsync(key, request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        store.RenewLeaseAsync(key, token, timeToLive, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        store.ReleaseLeaseAsync(key, token, retryAfter, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken) =>
        store.CommitAsync(key, token, write, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken) => store.SetAsync(key, write, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) => store.RemoveAsync(keys, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) => store.ExpireAsync(keys, cancellationToken);

    /// <inheritdoc/>
    public ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken) => store.TouchAsync(key, idle, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        store.InvalidateTagsAsync(tags, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        store.ReadTagsAsync(tags, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken) => store.PulseAsync(echo, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<StoreEntry?>> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        store.ReadManyAsync(keys, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<LeaseAnswer>> AcquireLeasesAsync(
        IReadOnlyList<(string Key, LeaseRequest Request)> requests, CancellationToken cancellationToken) =>
        store.AcquireLeasesAsync(requests, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<bool>> CommitManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken) =>
        store.CommitManyAsync(items, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask SetManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken) =>
        store.SetManyAsync(items, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
