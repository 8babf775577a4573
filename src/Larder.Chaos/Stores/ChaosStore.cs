using Larder.Chaos.Faults;
using Larder.Stores;

namespace Larder.Chaos.Stores;

/// <summary>
/// A store whose operations fail. One that is late has been carried out in time: a server takes the commands of a connection in
/// their order, and a Set that came in behind a later Remove would break what no delay of a network can.
/// </summary>
internal sealed class ChaosStore(ILarderStore store, LarderChaos chaos, TimeProvider time)
    : DelegatingStore(store), IKeyScanner, INodeMessenger
{
    private readonly ILarderStore _store = store;
    private readonly IKeyScanner? _scanner = store.Ability<IKeyScanner>();
    private readonly INodeMessenger? _messenger = store.Ability<INodeMessenger>();
    private ChaosFeed? _feed;

    public override string Description => base.Description + ", with chaos";

    // It fails at what the store can do, and can do no more.
    public override T? Ability<T>()
        where T : class => _store.Ability<T>() is null ? null : base.Ability<T>();

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

    public ValueTask<KeyScan> ScanAsync(string prefix, string? cursor, int count, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => _scanner!.ScanAsync(prefix, cursor, count, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<EntryHeader?>> ReadHeadersAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        Run(OperationClass.Read, () => _scanner!.ReadHeadersAsync(keys, cancellationToken), cancellationToken);

    public ValueTask ListenAsync(Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken) =>
        Once(OperationClass.Feed, () => _messenger!.ListenAsync(receive, cancellationToken), cancellationToken);

    public ValueTask AskAsync(ReadOnlyMemory<byte> question, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => _messenger!.AskAsync(question, timeToLive, cancellationToken), cancellationToken);

    public ValueTask AnswerAsync(string nodeId, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => _messenger!.AnswerAsync(nodeId, answer, cancellationToken), cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> ReadQuestionAsync(CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => _messenger!.ReadQuestionAsync(cancellationToken), cancellationToken);

    public ValueTask AnnounceAsync(ReadOnlyMemory<byte> card, CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => _messenger!.AnnounceAsync(card, cancellationToken), cancellationToken);

    public ValueTask ForgetAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => _messenger!.ForgetAsync(nodeIds, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadNodesAsync(CancellationToken cancellationToken) =>
        Run(OperationClass.Feed, () => _messenger!.ReadNodesAsync(cancellationToken), cancellationToken);

    /// <summary>An operation that the store may carry out although it fails.</summary>
    private async ValueTask<T> Run<T>(OperationClass kind, Func<ValueTask<T>> operation, CancellationToken cancellationToken)
    {
        var fate = chaos.Throw(kind);
        var result = fate is { Fails: true, IsCarriedOut: false } ? default : await operation().ConfigureAwait(false);
        await EndAsync(fate, cancellationToken).ConfigureAwait(false);
        return result!;
    }

    /// <inheritdoc cref="Run{T}"/>
    private async ValueTask Run(OperationClass kind, Func<ValueTask> operation, CancellationToken cancellationToken) => await Run(
        kind,
        async () =>
        {
            await operation().ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <summary>An operation that the store does not carry out if it fails.</summary>
    private async ValueTask Once(OperationClass kind, Func<ValueTask> operation, CancellationToken cancellationToken)
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
