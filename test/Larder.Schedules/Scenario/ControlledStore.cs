using Larder.Schedules.Control;
using Larder.Stores;

namespace Larder.Schedules.Scenario;

/// <summary>
/// A node's connection: what is sent arrives in its order, and each operation, its answer and every message of the feed
/// take their time, as the schedule has it.
/// </summary>
internal sealed class ControlledStore(ILarderStore inner, string node) : ILarderStore
{
    private readonly Queue<(string Name, Action Run)> _sent = new();
    private bool _isDraining;

    public string Description => inner.Description;

    public StoreCapabilities Capabilities => inner.Capabilities;

    /// <summary>The feed as it arrives at this node.</summary>
    public ControlledFeed Feed { get; private set; } = null!;

    public ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken)
    {
        Feed = new ControlledFeed(observer, node);
        return inner.StartAsync(Feed, cancellationToken);
    }

    public ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) =>
        SendAsync($"read {key}", () => inner.ReadAsync(key, cancellationToken));

    public ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken) =>
        SendAsync($"lease {key}", () => inner.AcquireLeaseAsync(key, request, cancellationToken));

    public ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        SendAsync($"renew {key}", () => inner.RenewLeaseAsync(key, token, timeToLive, cancellationToken));

    public ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        SendAsync($"release {key}", () => inner.ReleaseLeaseAsync(key, token, retryAfter, cancellationToken));

    public ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken) =>
        SendAsync($"commit {key}", () => inner.CommitAsync(key, token, write, cancellationToken));

    public ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken) =>
        SendAsync($"set {key}", () => inner.SetAsync(key, write, cancellationToken));

    public ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        SendAsync("remove", () => inner.RemoveAsync(keys, cancellationToken));

    public ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        SendAsync("expire", () => inner.ExpireAsync(keys, cancellationToken));

    public ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken) =>
        SendAsync($"touch {key}", () => inner.TouchAsync(key, idle, cancellationToken));

    public ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        SendAsync("invalidate tags", () => inner.InvalidateTagsAsync(tags, cancellationToken));

    public ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        SendAsync("read tags", () => inner.ReadTagsAsync(tags, cancellationToken));

    public ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken) =>
        SendAsync("pulse", () => inner.PulseAsync(echo, cancellationToken));

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private ValueTask SendAsync(string what, Func<ValueTask> operation) =>
        new(SendAsync(what, () =>
        {
            operation().AsTask().GetAwaiter().GetResult();
            return new ValueTask<bool>(true);
        }).AsTask());

    // The server carries an operation out in one step, and answers it at once.
    private ValueTask<T> SendAsync<T>(string what, Func<ValueTask<T>> operation)
    {
        if (Scheduler.Running is not { } scheduler)
        {
            return operation();
        }

        Scheduler.Say($"sends {what}");
        var answer = new System.Threading.Tasks.TaskCompletionSource<T>();
        _sent.Enqueue((what, () =>
        {
            var result = operation().AsTask().GetAwaiter().GetResult();
            Scheduler.Say($"{what}: {result}");
            scheduler.Spawn($"{node}: answer of {what}", () => answer.SetResult(result));
        }));
        Drain(scheduler);
        return new ValueTask<T>(answer.Task);
    }

    private void Drain(Scheduler scheduler)
    {
        if (_isDraining || _sent.Count == 0)
        {
            return;
        }

        _isDraining = true;
        scheduler.Spawn($"{node}: server", () =>
        {
            _sent.Dequeue().Run();
            _isDraining = false;
            Drain(scheduler);
        });
    }
}
