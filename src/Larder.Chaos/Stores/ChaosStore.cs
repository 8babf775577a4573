using Larder.Chaos.Faults;
using Larder.Stores;

namespace Larder.Chaos.Stores;

/// <summary>
/// A store whose operations fail. One that is late has been carried out in time: a server takes the commands of a connection in
/// their order, and a Set that came in behind a later Remove would break what no delay of a network can.
/// </summary>
internal class ChaosStore(ILarderStore store, LarderChaos chaos, TimeProvider time) : DelegatingStore(store)
{
    private ChaosFeed? _feed;

    public override string Description => base.Description + ", with chaos";

    /// <summary>A store of the same abilities: the cache finds them by its type.</summary>
    public static ChaosStore Around(ILarderStore store, LarderChaos chaos, TimeProvider time) => store switch
    {
        IKeyScanner scanner and INodeMessenger messenger => new FullChaosStore(store, scanner, messenger, chaos, time),
        IKeyScanner scanner => new ScanningChaosStore(store, scanner, chaos, time),
        INodeMessenger messenger => new TalkingChaosStore(store, messenger, chaos, time),
        _ => new ChaosStore(store, chaos, time),
    };

    // A start that succeeded unheard would be made twice: it fails before, or not at all.
    public override ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken) => Once(
        OperationClass.Feed, () => base.StartAsync(_feed ??= new ChaosFeed(observer, chaos, time), cancellationToken), cancellationToken);

    public override ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => base.ReadAsync(key, cancellationToken), cancellationToken);

    public override ValueTask<IReadOnlyList<StoreEntry?>> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => base.ReadManyAsync(keys, cancellationToken), cancellationToken);

    public override ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => base.ReadTagsAsync(tags, cancellationToken), cancellationToken);

    public override ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken) =>
        Run(OperationClass.Lease, () => base.AcquireLeaseAsync(key, request, cancellationToken), cancellationToken);

    public override ValueTask<IReadOnlyList<LeaseAnswer>> AcquireLeasesAsync(
        IReadOnlyList<(string Key, LeaseRequest Request)> requests, CancellationToken cancellationToken) =>
        Run(OperationClass.Lease, () => base.AcquireLeasesAsync(requests, cancellationToken), cancellationToken);

    public override ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        Run(OperationClass.Lease, () => base.RenewLeaseAsync(key, token, timeToLive, cancellationToken), cancellationToken);

    public override ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        Run(OperationClass.Lease, () => base.ReleaseLeaseAsync(key, token, retryAfter, cancellationToken), cancellationToken);

    public override ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken) =>
        Run(OperationClass.Write, () => base.CommitAsync(key, token, write, cancellationToken), cancellationToken);

    public override ValueTask<IReadOnlyList<bool>> CommitManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken) =>
        Run(OperationClass.Write, () => base.CommitManyAsync(items, cancellationToken), cancellationToken);

    public override ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken) =>
        Run(OperationClass.Write, () => base.SetAsync(key, write, cancellationToken), cancellationToken);

    public override ValueTask SetManyAsync(IReadOnlyList<StoreItem> items, CancellationToken cancellationToken) =>
        Run(OperationClass.Write, () => base.SetManyAsync(items, cancellationToken), cancellationToken);

    public override ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        Run(OperationClass.Write, () => base.RemoveAsync(keys, cancellationToken), cancellationToken);

    public override ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        Run(OperationClass.Write, () => base.ExpireAsync(keys, cancellationToken), cancellationToken);

    public override ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken) =>
        Run(OperationClass.Write, () => base.TouchAsync(key, idle, cancellationToken), cancellationToken);

    public override ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        Run(OperationClass.Write, () => base.InvalidateTagsAsync(tags, cancellationToken), cancellationToken);

    public override ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken)
    {
        _feed?.Reconnect();
        return Run(OperationClass.Feed, () => base.PulseAsync(echo, cancellationToken), cancellationToken);
    }

    /// <summary>An operation that the store may carry out although it fails.</summary>
    protected async ValueTask<T> Run<T>(OperationClass kind, Func<ValueTask<T>> operation, CancellationToken cancellationToken)
    {
        var fate = chaos.Throw(kind);
        var result = fate is { Fails: true, IsCarriedOut: false } ? default : await operation().ConfigureAwait(false);
        await EndAsync(fate, cancellationToken).ConfigureAwait(false);
        return result!;
    }

    /// <inheritdoc cref="Run{T}"/>
    protected async ValueTask Run(OperationClass kind, Func<ValueTask> operation, CancellationToken cancellationToken) => await Run(
        kind,
        async () =>
        {
            await operation().ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <summary>An operation that the store does not carry out if it fails.</summary>
    protected async ValueTask Once(OperationClass kind, Func<ValueTask> operation, CancellationToken cancellationToken)
    {
        await EndAsync(chaos.Throw(kind), cancellationToken).ConfigureAwait(false);
        await operation().ConfigureAwait(false);
    }

    private async ValueTask EndAsync(Fate fate, CancellationToken cancellationToken)
    {
        if (fate.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fate.Delay, time, cancellationToken).ConfigureAwait(false);
        }

        if (fate.Fails)
        {
            throw chaos.Now.IsUnreachable
                ? new StoreUnavailableException($"{Description} can't be reached.", new ChaosException())
                : new ChaosException($"An operation of {Description} was made to fail.");
        }
    }
}
