using Larder.Stores;

namespace Larder.Tests.Sliding;

/// <summary>A store that only notes what it is told about reads.</summary>
internal sealed class TouchStore : ILarderStore
{
    public List<(string Key, TimeSpan Idle)> Touches { get; } = [];

    public string Description => "notes";

    public StoreCapabilities Capabilities => StoreCapabilities.All;

    public ValueTask TouchAsync(string key, TimeSpan idle, CancellationToken cancellationToken)
    {
        Touches.Add((key, idle));
        return default;
    }

    public ValueTask StartAsync(IFeedObserver observer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<LeaseAnswer> AcquireLeaseAsync(string key, LeaseRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> RenewLeaseAsync(string key, LeaseToken token, TimeSpan timeToLive, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReleaseLeaseAsync(string key, LeaseToken token, TimeSpan? retryAfter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ExpireAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> CommitAsync(string key, LeaseToken token, StoreWrite write, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask SetAsync(string key, StoreWrite write, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<TagReading> InvalidateTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<TagReading> ReadTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<TagReading> PulseAsync(long echo, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;
}
