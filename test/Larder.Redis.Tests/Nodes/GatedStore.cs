using Larder.Stores;

namespace Larder.Redis.Tests.Nodes;

/// <summary>The real store, with gates at which a test holds an operation's answer back after the server has carried it out.</summary>
internal sealed class GatedStore(ILarderStore store) : ILarderStore
{
    /// <summary>Passed by the next read, before it is sent.</summary>
    public Gate? BeforeRead { get; set; }

    /// <summary>Passed by the next read that finds something, after it was read.</summary>
    public Gate? AfterRead { get; set; }

    /// <summary>Passed by the next commit, before it is sent.</summary>
    public Gate? BeforeCommit { get; set; }

    public string Description => store.Description;

    public StoreCapabilities Capabilities => store.Capabilities;

    public ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken) => store.StartAsync(observer, cancellationToken);

    public async ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        if (BeforeRead is { } before)
        {
            BeforeRead = null;
            await before.PassAsync(cancellationToken);
        }

        var entry = await store.ReadAsync(key, cancellationToken);
        if (entry is not null && AfterRead is { } gate)
        {
            AfterRead = null;
            await gate.PassAsync(cancellationToken);
        }

        return entry;
    }

    public ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken) =>
        store.AcquireLeaseAsync(key, request, cancellationToken);

    public ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        store.RenewLeaseAsync(key, token, timeToLive, cancellationToken);

    public ValueTask ReleaseLeaseAsync(string key, LeaseToken token, CancellationToken cancellationToken) =>
        store.ReleaseLeaseAsync(key, token, cancellationToken);

    public async ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken)
    {
        if (BeforeCommit is { } gate)
        {
            BeforeCommit = null;
            await gate.PassAsync(cancellationToken);
        }

        return await store.CommitAsync(key, token, write, cancellationToken);
    }

    public ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken) => store.SetAsync(key, write, cancellationToken);

    public ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) => store.RemoveAsync(keys, cancellationToken);

    public ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken) => store.TouchAsync(key, idle, cancellationToken);

    public ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        store.InvalidateTagsAsync(tags, cancellationToken);

    public ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        store.ReadTagsAsync(tags, cancellationToken);

    public ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken) => store.PulseAsync(echo, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
