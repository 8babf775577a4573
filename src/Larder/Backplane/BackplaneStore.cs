using Larder.Stores;

namespace Larder.Backplane;

/// <summary>
/// A store that has no feed, and a backplane in its place: when a change has been made in the store, whoever made it and however
/// often that took, the other nodes are told. Nothing is promised by it, so its capabilities are the store's.
/// </summary>
internal sealed class BackplaneStore(ILarderStore store, BackplaneLink link) : DelegatingStore(store)
{
    public override string Description => $"{base.Description}, with messages by {link.Name}";

    public override async ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        await base.ReleaseLeaseAsync(key, token, retryAfter, cancellationToken).ConfigureAwait(false);
        if (Capabilities.HasFlag(StoreCapabilities.Leases))
        {
            link.Tell(FeedChange.Release, [key]);
        }
    }

    public override async ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken)
    {
        var isCommitted = await base.CommitAsync(key, token, write, cancellationToken).ConfigureAwait(false);
        if (isCommitted)
        {
            link.Tell(FeedChange.Commit, [key]);
        }

        return isCommitted;
    }

    public override async ValueTask<IReadOnlyList<bool>> CommitManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken)
    {
        var committed = await base.CommitManyAsync(items, cancellationToken).ConfigureAwait(false);
        string[] keys = [.. items.Where((_, i) => committed[i]).Select(static item => item.Key)];
        link.Tell(FeedChange.Commit, keys);
        return committed;
    }

    public override async ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken)
    {
        await base.SetAsync(key, write, cancellationToken).ConfigureAwait(false);
        link.Tell(write.IsMade ? FeedChange.Commit : FeedChange.Set, [key]);
    }

    public override async ValueTask SetManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken)
    {
        await base.SetManyAsync(items, cancellationToken).ConfigureAwait(false);
        link.Tell(FeedChange.Set, [.. items.Select(static item => item.Key)]);
    }

    public override async ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        await base.RemoveAsync(keys, cancellationToken).ConfigureAwait(false);
        link.Tell(FeedChange.Remove, keys);
    }

    public override async ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        await base.ExpireAsync(keys, cancellationToken).ConfigureAwait(false);
        link.Tell(FeedChange.Expire, keys);
    }

    public override async ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var reading = await base.InvalidateTagsAsync(tags, cancellationToken).ConfigureAwait(false);
        link.Tell(FeedChange.Tag, tags, reading.Now);
        return reading;
    }

    public override async ValueTask DisposeAsync()
    {
        await link.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
