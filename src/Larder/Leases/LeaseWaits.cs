using System.Collections.Concurrent;

namespace Larder.Leases;

/// <summary>Those who wait for what another caller does with a key's lease; the feed wakes them.</summary>
internal sealed class LeaseWaits
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waits = new(StringComparer.Ordinal);

    /// <summary>A task that completes at the next message about the key. Get it before asking for the lease, or miss the message.</summary>
    public Task Next(string key) =>
        _waits.GetOrAdd(key, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Signal(string key)
    {
        if (_waits.TryRemove(key, out var wait))
        {
            wait.TrySetResult();
        }
    }
}
