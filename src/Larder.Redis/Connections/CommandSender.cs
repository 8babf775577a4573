using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Larder.Redis.Connections;

/// <summary>
/// Sends commands. A few go out at once; while those are under way, further ones are sent one after another by one thread of the pool.
/// Callers whom many answers let go on at the same time would otherwise wait for each other's turn to write, and send a packet each.
/// </summary>
/// <param name="send">Sends a command; one at a time.</param>
/// <param name="gate">Is held while one is sent.</param>
internal sealed class CommandSender<TCommand, TAnswer>(Func<IDatabaseAsync, TCommand, Task<TAnswer>> send, Lock gate) : IThreadPoolWorkItem
{
    // With fewer, a way through the pool costs more than it saves.
    private const int AtOnce = 8;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _underWay;
    private int _isQueued;

    /// <summary>Sends a command. <see cref="End"/> is to be called when it is over, however it ends.</summary>
    /// <returns>
    /// When it is sent, the answer to come. Whoever awaits that goes on where others are sent: it is to be awaited with
    /// <see cref="ConfigureAwaitOptions.ForceYielding"/>, and before anything else.
    /// </returns>
    public ValueTask<Task<TAnswer>> SendAsync(IDatabaseAsync database, TCommand command)
    {
        if (Interlocked.Increment(ref _underWay) <= AtOnce)
        {
            lock (gate)
            {
                return new(send(database, command));
            }
        }

        var sent = new TaskCompletionSource<Task<TAnswer>>();
        _waiting.Enqueue(new(database, command, sent));
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return new(sent.Task);
    }

    /// <summary>A command is over.</summary>
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

    private Task<TAnswer> Send(in Waiting waiting)
    {
        try
        {
            lock (gate)
            {
                return send(waiting.Database, waiting.Command);
            }
        }
        catch (Exception fault)
        {
            return Task.FromException<TAnswer>(fault);
        }
    }

    private readonly record struct Waiting(IDatabaseAsync Database, TCommand Command, TaskCompletionSource<Task<TAnswer>> Sent);
}
