using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Larder.Redis.Connections;

/// <summary>
/// Waits until replicas have what was written. WAIT speaks of its own connection's writes, and holds that connection up: so
/// it has one of its own, where a marker is written first, which replicas get after everything acknowledged before. Those
/// who come while it waits share the next wait.
/// </summary>
internal sealed class ReplicaWait(RedisConnection connection, RedisKey marker, int replicas, TimeSpan timeout, ILogger log) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;
    private int _isShort;

    /// <summary>Waits until the replicas have everything that the server acknowledged before this call, or the time is over.</summary>
    public Task ConfirmAsync()
    {
        lock (_gate)
        {
            return _next ??= NextAsync(_running);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task NextAsync(Task running)
    {
        // Not at once: the caller holds the lock.
        await Task.Yield();
        await running.ConfigureAwait(false);
        Task round;
        lock (_gate)
        {
            // Whoever comes from here on may have written after this marker.
            _next = null;
            round = _running = WaitAsync();
        }

        await round.ConfigureAwait(false);
    }

    private async Task WaitAsync()
    {
        try
        {
            var database = await connection.DatabaseAsync().ConfigureAwait(false);
            _ = database.StringSetAsync(marker, RedisValue.EmptyString, TimeSpan.FromMinutes(1), flags: CommandFlags.FireAndForget);
            var confirmed = (int)await database.ExecuteAsync("WAIT", replicas, (long)timeout.TotalMilliseconds).ConfigureAwait(false);
            Note(confirmed, null);
        }
        catch (Exception fault)
        {
            // The invalidation itself has been carried out.
            Note(0, fault);
        }
    }

    private void Note(int confirmed, Exception? fault)
    {
        var isShort = confirmed < replicas ? 1 : 0;
        if (Interlocked.Exchange(ref _isShort, isShort) == isShort)
        {
            return;
        }

        if (isShort != 0)
        {
            Log.ReplicasMissing(log, confirmed, replicas, fault);
        }
        else
        {
            Log.ReplicasBack(log, replicas);
        }
    }
}
