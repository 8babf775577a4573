namespace Larder.Stores;

/// <summary>
/// A second level (L2): the operations of Larder's protocol, and a statement of what they guarantee.
/// One instance serves one cache; keys arrive without the cache's prefix, which the store adds.
/// </summary>
/// <remarks>
/// Implement it to add a store; nothing in the core has to change. Every operation may throw: the cache treats
/// any exception as "L2 is not available", goes on from the origin, and queues invalidations until they are delivered.
/// Operations are called concurrently, and before <see cref="StartAsync"/> has succeeded.
/// </remarks>
public interface ILarderStore : IAsyncDisposable
{
    /// <summary>What and where this is, for logs and health, without secrets: <c>redis at localhost:5002</c>.</summary>
    string Description { get; }

    /// <summary>What this store guarantees.</summary>
    StoreCapabilities Capabilities { get; }

    /// <summary>
    /// What this store can do besides: <see cref="IKeyScanner"/>, <see cref="INodeMessenger"/>. The answer is the same at each call.
    /// </summary>
    /// <typeparam name="T">The ability.</typeparam>
    /// <returns>Who does it, by default this store, where it implements that; <see langword="null"/> if it can't.</returns>
    T? Ability<T>()
        where T : class => this as T;

    /// <summary>
    /// Connects, prepares what the first request would otherwise wait for, and begins to report the feed to
    /// <paramref name="observer"/>. Called again, until it succeeds, after it threw.
    /// </summary>
    /// <param name="observer">Told of every change, in the order in which the server delivers them.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken);

    /// <summary>Reads an entry: one plain read, no script, no side effect.</summary>
    /// <returns>The entry, or <see langword="null"/> if there is none.</returns>
    ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Asks for the lease of a missing entry: while it is held, no other node runs a factory for the key, and only
    /// its holder may <see cref="CommitAsync"/>. ("Scaling Memcache at Facebook", NSDI 2013, section 3.2.1.)
    /// </summary>
    ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Sets the remaining time of a lease that is still held.</summary>
    /// <returns><see langword="false"/> if the lease is gone: it lapsed, or an invalidation dropped it.</returns>
    ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Gives a lease back without a value and tells the feed, so that whoever waits for it goes on at once.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="token">The lease; if it is gone, nothing happens.</param>
    /// <param name="retryAfter">
    /// The factory failed: for this time an expired entry that is still there is to be served without another attempt.
    /// <see langword="null"/> if it did not fail.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken);

    /// <summary>
    /// In one atomic step: if the lease is still there, writes the value, drops the lease and publishes the change.
    /// </summary>
    /// <returns><see langword="false"/> if the lease is gone; then nothing was written.</returns>
    ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken);

    /// <summary>In one atomic step: writes the value, drops any lease and publishes the change.</summary>
    ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken);

    /// <summary>For each key, in one atomic step: removes the entry and any lease, and publishes the change.</summary>
    ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// For each key, in one atomic step: an entry that is kept past its expiration has expired from now on, any other is
    /// removed; any lease is dropped, and the change published.
    /// </summary>
    ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a sliding entry alive: its remaining time becomes its sliding expiration less <paramref name="idle"/>, never
    /// beyond its absolute deadline, and never shorter than it was. Does nothing to entries that don't slide.
    /// </summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="idle">How long ago the entry was last read.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken);

    /// <summary>
    /// In one atomic step: increments the tag clock, records its new number under each of <paramref name="tags"/> and
    /// publishes the change, however many entries carry them.
    /// </summary>
    /// <returns>The tag clock after it, with the new number of each tag.</returns>
    ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>Reads the tag clock and the numbers recorded under <paramref name="tags"/> (which may be empty).</summary>
    ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>
    /// Called every second. A store with a feed sends <paramref name="echo"/> to this node, on the connection that
    /// receives the feed; it comes back through <see cref="IFeedObserver.OnEcho"/> after everything published before it.
    /// </summary>
    /// <returns>The tag clock, without tags.</returns>
    ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken);

    /// <summary>Reads several entries, in one round trip where the store can. By default, one read after another.</summary>
    /// <returns>For each key, in their order, what <see cref="ReadAsync"/> returns.</returns>
    async ValueTask<IReadOnlyList<StoreEntry?>> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var entries = new StoreEntry?[keys.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = await ReadAsync(keys[i], cancellationToken).ConfigureAwait(false);
        }

        return entries;
    }

    /// <summary>Asks for the leases of several keys, in one round trip where the store can. By default, for one after another.</summary>
    /// <returns>For each request, in their order, what <see cref="AcquireLeaseAsync"/> returns.</returns>
    async ValueTask<IReadOnlyList<LeaseAnswer>> AcquireLeasesAsync(
        IReadOnlyList<(string Key, LeaseRequest Request)> requests, CancellationToken cancellationToken)
    {
        var answers = new LeaseAnswer[requests.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = await AcquireLeaseAsync(requests[i].Key, requests[i].Request, cancellationToken).ConfigureAwait(false);
        }

        return answers;
    }

    /// <summary>Commits several values, each for itself, in one round trip where the store can. By default, one after another.</summary>
    /// <returns>For each item, in their order, what <see cref="CommitAsync"/> returns.</returns>
    async ValueTask<IReadOnlyList<bool>> CommitManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken)
    {
        var committed = new bool[items.Count];
        for (var i = 0; i < committed.Length; i++)
        {
            committed[i] = await CommitAsync(items[i].Key, items[i].Token, items[i].Write, cancellationToken).ConfigureAwait(false);
        }

        return committed;
    }

    /// <summary>Sets several values, in one round trip where the store can. By default, one after another.</summary>
    async ValueTask SetManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            await SetAsync(item.Key, item.Write, cancellationToken).ConfigureAwait(false);
        }
    }
}
