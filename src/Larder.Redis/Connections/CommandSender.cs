using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Larder.Redis.Connections;

/// <summary>
/// Sends commands. A few go out at once; while those are under way, one thread of the pool sends what further callers want
/// sent, in one piece all that has gathered. Callers whom many answers let go on at the same time would otherwise wait for
/// each other's turn to write, and send a packet each.
/// </summary>
/// <param name="send">Sends a command; one at a time.</param>
/// <param name="gate">Is held while anything is sent.</param>
internal sealed class CommandSender<TCommand, TAnswer>(Func<IDatabaseAsync, TCommand, Task<TAnswer>> send, Lock gate) : IThreadPoolWorkItem
{
    // With fewer, a way through the pool costs more than it saves.
    private const int AtOnce = 8;

    // The first of them waits until the last has come. With more, the server has nothing to do while they gather.
    private const int MostTogether = 16;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _underWay;
    private int _isQueued;
    private uint _gathered;

    /// <summary>Sends a command. <see cref="End"/> is to be called when it is over, however it ends.</summary>
    /// <returns>
    /// When it is sent, the answer to come. Whoever awaits that goes on where others are sent: it is to be awaited with
    /// <see cref="ConfigureAwaitOptions.ForceYielding"/>, and before anything else.
    /// </returns>
    public ValueTask<Task<TAnswer>> SendAsync(IDatabase database, TCommand command)
    {
        if (Interlocked.Increment(ref _underWay) <= AtOnce)
        {
            lock (gate)
            {
                return new(send(database, command));
            }
        }

        var waiting = new Waiting(database, command);
        _waiting.Enqueue(waiting);
        if (Interlocked.Increment(ref _gathered) % MostTogether == 0)
        {
            // The pool comes to it only after all who have been let go on by now.
            Complete(SendNext());
        }
        else if (Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return new(waiting.Task);
    }

    /// <summary>A command is over.</summary>
    public void End() => Interlocked.Decrement(ref _underWay);

    void IThreadPoolWorkItem.Execute()
    {
        // Before it takes any: who sees that one is queued knows that it will come for what is added.
        Interlocked.Exchange(ref _isQueued, 0);
        while (SendNext() is { } first)
        {
            Complete(first);
        }
    }

    private static void Complete(Waiting? first)
    {
        for (var sent = first; sent is not null; sent = sent.Next)
        {
            sent.SetResult(sent.Answer!);
        }
    }

    // Sends all that has gathered, or a part: the first of a chain.
    private Waiting? SendNext()
    {
        lock (gate)
        {
            if (!_waiting.TryDequeue(out var first))
            {
                return null;
            }

            if (!_waiting.TryPeek(out _))
            {
                Send(first.Database, first);
                return first;
            }

            var batch = first.Database.CreateBatch();
            Send(batch, first);
            var last = first;
            for (var i = 1; i < MostTogether && _waiting.TryPeek(out var next) && ReferenceEquals(next.Database, first.Database); i++)
            {
                _waiting.TryDequeue(out next);
                Send(batch, next!);
                last = last.Next = next!;
            }

            try
            {
                batch.Execute();
            }
            catch (Exception fault)
            {
                for (var sent = first; sent is not null; sent = sent.Next)
                {
                    sent.Answer = sent.Answer!.IsCompleted ? sent.Answer : Task.FromException<TAnswer>(fault);
                }
            }

            return first;
        }
    }

    private void Send(IDatabaseAsync database, Waiting waiting)
    {
        try
        {
            waiting.Answer = send(database, waiting.Command);
        }
        catch (Exception fault)
        {
            waiting.Answer = Task.FromException<TAnswer>(fault);
        }
    }

    private sealed class Waiting(IDatabase database, TCommand command) : TaskCompletionSource<Task<TAnswer>>
    {
        public IDatabase Database => database;

        public TCommand Command => command;

        public Task<TAnswer>? Answer { get; set; }

        public Waiting? Next { get; set; }
    }
}
