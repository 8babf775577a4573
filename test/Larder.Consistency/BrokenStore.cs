using Larder.Stores;

namespace Larder.Consistency;

/// <summary>The real store with one guarantee taken away.</summary>
internal sealed class BrokenStore(ILarderStore store, CacheKind kind) : DelegatingStore(store)
{
    public override ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken) =>
        base.StartAsync(kind == CacheKind.WithoutFeed ? new DeafObserver(observer) : observer, cancellationToken);

    public override async ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken)
    {
        if (kind != CacheKind.WithoutFence)
        {
            return await base.CommitAsync(key, token, write, cancellationToken);
        }

        await SetAsync(key, write, cancellationToken);
        return true;
    }

    // Leases are still waited for by time-out.
    private sealed class DeafObserver(IFeedObserver observer) : IFeedObserver
    {
        public void OnMessage(in FeedMessage message)
        {
        }

        public void OnEcho(long number) => observer.OnEcho(number);

        public void OnInterrupted() => observer.OnInterrupted();
    }
}
