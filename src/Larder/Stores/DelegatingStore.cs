namespace Larder.Stores;

/// <summary>
/// A store that hands everything on to another one; override what is to be different. What the other one can do besides
/// (<see cref="Ability{T}"/>) goes past this one, unless it implements that too.
/// </summary>
/// <param name="store">The other one, which is disposed together with this.</param>
public abstract class DelegatingStore(ILarderStore store) : ILarderStore
{
    /// <inheritdoc/>
    public virtual string Description => store.Description;

    /// <inheritdoc/>
    public virtual StoreCapabilities Capabilities => store.Capabilities;

    /// <summary>What this store can do besides: what it implements itself, else what the other one can.</summary>
    /// <typeparam name="T">The ability.</typeparam>
    /// <returns>Who does it; <see langword="null"/> if neither can.</returns>
    public virtual T? Ability<T>()
        where T : class => this as T ?? store.Ability<T>();

    /// <inheritdoc/>
    public virtual ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken) => store.StartAsync(observer, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken) =>
        store.AcquireLeaseAsync(key, request, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        store.RenewLeaseAsync(key, token, timeToLive, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        store.ReleaseLeaseAsync(key, token, retryAfter, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken) =>
        store.CommitAsync(key, token, write, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken) => store.SetAsync(key, write, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        store.RemoveAsync(keys, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        store.ExpireAsync(keys, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken) =>
        store.TouchAsync(key, idle, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        store.InvalidateTagsAsync(tags, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        store.ReadTagsAsync(tags, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken) => store.PulseAsync(echo, cancellationToken);

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
    public virtual async ValueTask DisposeAsync()
    {
        await store.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
