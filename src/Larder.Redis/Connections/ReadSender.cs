using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Larder.Redis.Connections;

/// <summary>
/// Sends reads. A few go out at once; while those are under way, further ones are sent one after another by one thread of the pool.
/// Callers whom many answers let go on at the same time would otherwise wait for each other's turn to write, and send a packet each.
/// </summary>
/// <param name="send">Sends the read of a key.</param>
internal sealed class ReadSender(Func<IDatabaseAsync, string, Task<RespResult>> send) : IThreadPoolWorkItem
{
    // With fewer, a way through the pool costs more than it saves.
    private const int AtOnce = 8;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _underWay;
    private int _isQueued;

    /// <summary>Sends a read. <see cref="End"/> is to be called when it is over, however it ends.</summary>
    /// <returns>
    /// When it is sent, the answer to come. Whoever awaits that goes on where others are sent: it is to be awaited with
    /// <see cref="ConfigureAwaitOptions.ForceYielding"/>, and before anything else.
    /// </returns>
    public ValueTask<Task<RespResult>> SendAsync(IDatabaseAsync database, string key)
    {
        if (Interlocked.Increment(ref _underWay) <= AtOnce)
        {
            return new(send(database, key));
        }

        var sent = new TaskCompletionSource<Task<RespResult>>();
        _waiting.Enqueue(new(database, key, sent));
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return new(sent.Task);
    }

    /// <summary>A read is over.</summary>
    public void End() => Interlocked.Decrement(ref _underWay);

    void IThreadPoolWorkItem.Execute()
    {
        // Before it takes any: who sees that one is queued knows that it will come for what is added.
        Interlocked.Exchange(ref _isQueued, 0);
        while (_waiting.TryDequeue(out var next))
        {
            next.Sent.SetResult(Send(next));
        }
    }

    private Task<RespResult> Send(in Waiting waiting)
    {
        try
        {
            return send(waiting.Database, waiting.Key);
        }
        catch (Exception fault)
        {
            return Task.FromException<RespResult>(fault);
        }
    }

    private readonly record struct Waiting(IDatabaseAsync Database, string Key, TaskCompletionSource<Task<RespResult>> Sent);
}
